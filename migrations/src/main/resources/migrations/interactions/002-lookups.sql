--liquibase formatted sql

--changeset sojourn:interactions-002
-- Which records an interaction names, by property: {"product": "b-17"}; null when none, as of nearly all.
alter table interaction add column lookups jsonb;
create index interaction_lookups on interaction using gin (lookups jsonb_path_ops) where lookups is not null;

--rollback drop index interaction_lookups;
--rollback alter table interaction drop column lookups;
