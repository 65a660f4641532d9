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
create unique index run_trigger on run (journey_id, contact_id, trigger_id) where trigger_id is not null;

--rollback drop index run_trigger;
--rollback alter table run drop binding;
--rollback alter table run drop trigger_at;
--rollback alter table run drop trigger_id;
--rollback alter table journey drop entering_since;
--rollback alter table journey_version drop trigger_type;
