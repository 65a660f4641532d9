--liquibase formatted sql

--changeset sojourn:contacts-009
-- Whether what is made and changed of a type's records is recorded as interactions of the contacts concerned.
alter table profile_type add column record_changes boolean not null default false;

--rollback alter table profile_type drop column record_changes;
