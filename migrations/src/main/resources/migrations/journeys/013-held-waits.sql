--liquibase formatted sql

--changeset sojourn:journeys-013
-- By how many microseconds pauses have made the wait of a visit longer; null where none has. What earlier pauses held is in the
-- deadlines of runs alone.
alter table tile_visit add column held bigint;

--rollback alter table tile_visit drop column held;

--changeset sojourn:journeys-013-worth
-- For the sum of what a goal was worth.
create index run_worth on run (journey_id) include (version, entered_at, goal_value) where goal_value is not null;

--rollback drop index run_worth;

