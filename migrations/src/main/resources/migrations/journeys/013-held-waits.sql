--liquibase formatted sql

--changeset sojourn:journeys-013
-- By how many microseconds pauses have made the wait of a visit longer; null where none has. What earlier pauses held is in the
-- deadlines of runs alone.
alter table tile_visit add column held bigint;

--rollback alter table tile_visit drop column held;
