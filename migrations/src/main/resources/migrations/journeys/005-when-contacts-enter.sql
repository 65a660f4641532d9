--liquibase formatted sql

--changeset sojourn:journeys-005
-- Recurring journeys. `iteration` counts all iterations that ever began, so that it only grows; of the present series
-- `iterated` have begun, the one after `iterates_index` of them being due at `iterates_from`. `ending_earlier`: runs of
-- earlier iterations are still to be asked to end.
alter table journey add iteration integer not null default 0;
alter table journey add iterated integer not null default 0;
alter table journey add iterates_from timestamptz;
alter table journey add iterates_index integer not null default 0;
alter table journey add iteration_at timestamptz;
alter table journey add next_iteration_at timestamptz;
alter table journey add ending_earlier boolean not null default false;
create index journey_iteration on journey (next_iteration_at) where next_iteration_at is not null;
-- In which iteration a contact entered last, and a run began.
alter table journey_contact add iteration integer not null default 0;
alter table run add iteration integer not null default 0;

-- How far the entry of journeys with limits is: when the next may enter, which turn was the last, and how many runs there are. The row is locked
-- while somebody is let in, behind the journey's.
create table entry_pace (
    journey_id integer     not null primary key references journey,
    next_at    timestamptz not null,
    last_at    timestamptz,
    entries    bigint      not null default 0
);

-- Who waits for its turn to enter, in order. The row goes with the run's making, in one transaction.
create table entry_wait (
    seq        bigint generated always as identity,
    journey_id integer     not null references journey,
    contact_id bigint      not null,
    entered_by text        not null,
    since      timestamptz not null,
    trigger_id text,
    trigger_at timestamptz,
    binding    text,
    primary key (journey_id, seq)
);
create unique index entry_wait_once on entry_wait (contact_id, journey_id, entered_by, coalesce(trigger_id, ''));

-- What became of each contact that a job was to let in, by its place in the list.
create table entry_result (
    job_id     uuid    not null references job on delete cascade,
    no         bigint  not null,
    contact_id bigint,
    result     text    not null,
    run_id     uuid,
    primary key (job_id, no)
);
create index entry_result_contact on entry_result (job_id, contact_id);

--rollback drop table entry_result;
--rollback drop table entry_wait;
--rollback drop table entry_pace;
--rollback alter table run drop iteration;
--rollback alter table journey_contact drop iteration;
--rollback drop index journey_iteration;
--rollback alter table journey drop ending_earlier;
--rollback alter table journey drop next_iteration_at;
--rollback alter table journey drop iteration_at;
--rollback alter table journey drop iterates_index;
--rollback alter table journey drop iterates_from;
--rollback alter table journey drop iterated;
--rollback alter table journey drop iteration;
