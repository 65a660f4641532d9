--liquibase formatted sql

--changeset sojourn:contacts-005
-- External ids of records that were deleted, of which `record_ids` say nothing any more.
alter table record_change add column names text[] not null default '{}';

--rollback alter table record_change drop column names;
