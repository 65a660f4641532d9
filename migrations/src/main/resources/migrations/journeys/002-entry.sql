--liquibase formatted sql

--changeset sojourn:journeys-002
-- `trigger_type` is the interaction type that lets contacts in; `entering_since` the go live from which interactions do.
-- A run's trigger is the interaction that let it in; `binding` the value of the property by which runs of a contact are
-- told apart.
alter table journey_version add trigger_type text;
alter table journey add entering_since timestamptz;
update journey set entering_since = live_at;
alter table run add trigger_id text;
alter table run add trigger_at timestamptz;
alter table run add binding text;
-- How often a run that had failed was opened again.
alter table run add reopened integer not null default 0;
-- When it begins and ends by itself.
alter table journey add starts_at timestamptz;
alter table journey add ends_at timestamptz;
-- The version to which runs of older ones are being taken, and where those go whose tile it does not have.
alter table journey add move_to integer;
alter table journey add move_mapping jsonb;
-- A pause: since when, whether waits stand still meanwhile, whether it is being ended and since when, and up to which run
-- deadlines have been moved then. `paged_from`: members who joined
-- before are not paged in; `missed_from` to `missed_until`: when interactions came in that nobody was let in by.
alter table journey add paused_at timestamptz;
alter table journey add waits_hold boolean not null default false;
alter table journey add resuming boolean not null default false;
alter table journey add resumed_at timestamptz;
alter table journey add moved_to uuid;
alter table journey add paged_from timestamptz;
alter table journey add missed_from timestamptz;
alter table journey add missed_until timestamptz;
create unique index run_trigger on run (journey_id, contact_id, trigger_id) where trigger_id is not null;

--rollback drop index run_trigger;
--rollback alter table run drop reopened;
--rollback alter table run drop binding;
--rollback alter table run drop trigger_at;
--rollback alter table run drop trigger_id;
--rollback alter table journey drop ends_at;
--rollback alter table journey drop starts_at;
--rollback alter table journey drop move_mapping;
--rollback alter table journey drop move_to;
--rollback alter table journey drop missed_until;
--rollback alter table journey drop missed_from;
--rollback alter table journey drop paged_from;
--rollback alter table journey drop moved_to;
--rollback alter table journey drop resumed_at;
--rollback alter table journey drop resuming;
--rollback alter table journey drop waits_hold;
--rollback alter table journey drop paused_at;
--rollback alter table journey drop entering_since;
--rollback alter table journey_version drop trigger_type;
