--liquibase formatted sql

--changeset sojourn:journeys-012
-- What decided a visit, as it was then: values that a condition asked for, or the interaction that came. Unlike `why` it is of a person, and goes
-- when its contact is erased.
alter table tile_visit add column seen jsonb;

--rollback alter table tile_visit drop column seen;
