--liquibase formatted sql

--changeset sojourn:journeys-010
-- Whose workflow is to be started or looked after, journey by journey: they take turns.
create index run_due on run (journey_id, check_at) where check_at is not null;
drop index run_check;

--rollback create index run_check on run (check_at) where check_at is not null;
--rollback drop index run_due;
