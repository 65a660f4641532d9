--liquibase formatted sql

--changeset sojourn:journeys-008
-- What may concern the run, for whoever reads its history. Rows of before say nothing.
alter table run_signal add column because text;
--rollback alter table run_signal drop because;
