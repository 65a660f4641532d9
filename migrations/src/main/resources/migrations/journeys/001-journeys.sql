--liquibase formatted sql

--changeset sojourn:journeys-001
-- Documents are json, not jsonb: they come back with their tiles in the order in which the author wrote them.
create table journey (
    id           integer generated always as identity primary key,
    uuid         uuid        not null unique default uuidv7(),
    key          text        not null unique,
    state        text        not null check (state in ('draft', 'goingLive', 'live', 'paused', 'stopping', 'stopped',
                                                       'completing', 'completed', 'error')),
    cause        text,
    live_version integer,
    draft        json,
    version      integer     not null default 1,
    -- entry of the members that were there at go live: the last contact paged, null when done
    paged_to     bigint,
    created_at   timestamptz not null,
    created_by   text        not null,
    updated_at   timestamptz not null,
    updated_by   text        not null,
    live_at      timestamptz,
    ended_at     timestamptz
);

-- A version never changes. `listens` has the interaction types of its exits, `goal` that of its goal; `segments` the ids
-- of the segments whose joiners or leavers concern it.
create table journey_version (
    journey_id integer     not null references journey,
    version    integer     not null,
    document   json        not null,
    listens    text[]      not null,
    goal       text,
    segments   integer[]   not null,
    live_at    timestamptz not null,
    live_by    text        not null,
    primary key (journey_id, version)
);

-- One row per journey and contact that ever entered: locked to decide re-entry and to number runs.
create table journey_contact (
    journey_id integer     not null,
    contact_id bigint      not null,
    last_run   integer     not null,
    entered_at timestamptz not null,
    primary key (journey_id, contact_id)
);

-- One passage. `visit` is the number of the current tile visit (0 before the first); `instruction` what the workflow
-- was told to do there, `listening` the interaction types and `segment:key`s that may end it, `exit_requested` a reason that ends it for
-- another cause. `check_at` puts the row in the claim queue: to start its workflow, or to look whether it still runs.
create table run (
    id             uuid        not null default uuidv7(),
    contact_id     bigint      not null,
    journey_id     integer     not null,
    version        integer     not null,
    run_no         integer     not null,
    status         text        not null check (status in ('pending', 'active', 'completed', 'stopped', 'failed')),
    entered_at     timestamptz not null,
    entered_by     text        not null,
    visit          integer     not null default 0,
    tile           text,
    instruction    jsonb,
    until          timestamptz,
    listening      text[]      not null default '{}',
    exit_requested text,
    exit_at        timestamptz,
    outcome        text,
    reason         text,
    ended_at       timestamptz,
    goal_at        timestamptz,
    goal_value     numeric,
    check_at       timestamptz,
    primary key (id, contact_id)
);
create unique index run_number on run (journey_id, contact_id, run_no);
create index run_contact on run (contact_id, journey_id);
create index run_listing on run (journey_id, status, id);
create index run_check on run (check_at) where check_at is not null;

-- One stay of a run at a tile. `reason` is the slug that figures count by (why a message was blocked or a run ended here),
-- `why` the sentence for a person.
create table tile_visit (
    run_id     uuid        not null,
    contact_id bigint      not null,
    no         integer     not null,
    journey_id integer     not null,
    version    integer     not null,
    tile       text        not null,
    type       text        not null,
    pass       integer     not null,
    entered_at timestamptz not null,
    left_at    timestamptz,
    status     text        not null check (status in ('processing', 'processed', 'stopped', 'expired', 'failed')),
    outcome    text,
    branch     text,
    reason     text,
    why        jsonb,
    primary key (run_id, no)
);
create index tile_visit_figures on tile_visit (journey_id, tile, status);

-- Runs to be told "look again"; deleted when the signal was accepted or can never be.
create table run_signal (
    seq        bigint generated always as identity primary key,
    run_id     uuid        not null,
    attempt    integer     not null default 0,
    not_before timestamptz
);
alter table run_signal set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

--rollback drop table run_signal;
--rollback drop table tile_visit;
--rollback drop table run;
--rollback drop table journey_contact;
--rollback drop table journey_version;
--rollback drop table journey;
