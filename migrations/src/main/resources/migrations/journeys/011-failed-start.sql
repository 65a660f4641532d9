--liquibase formatted sql

--changeset sojourn:journeys-011
-- `failed`: its start came, and something that it needs was gone.
alter table journey_milestone drop constraint journey_milestone_kind_check;
alter table journey_milestone add constraint journey_milestone_kind_check
    check (kind in ('created', 'edited', 'live', 'started', 'failed', 'paused', 'resuming', 'resumed', 'stopping', 'stopped',
                    'completing', 'completed'));

--rollback delete from journey_milestone where kind = 'failed';
--rollback alter table journey_milestone drop constraint journey_milestone_kind_check;
--rollback alter table journey_milestone add constraint journey_milestone_kind_check check (kind in ('created', 'edited', 'live', 'started', 'paused', 'resuming', 'resumed', 'stopping', 'stopped', 'completing', 'completed'));
