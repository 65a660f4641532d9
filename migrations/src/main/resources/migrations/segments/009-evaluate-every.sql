--liquibase formatted sql

--changeset sojourn:segments-009
-- ISO 8601; null where the setting of the installation counts
alter table segment add evaluate_every text;

--rollback alter table segment drop column evaluate_every;
