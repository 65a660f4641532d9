--liquibase formatted sql

--changeset sojourn:segments-001
create table segment (
    id                 integer generated always as identity primary key,
    uuid               uuid        not null unique default uuidv7(),
    key                text        not null unique,
    name               text        not null,
    description        text,
    kind               text        not null check (kind in ('dynamic', 'static')),
    time_zone          text        not null,
    query              text,
    state              text        not null check (state in ('draft', 'goingLive', 'live', 'stopped', 'error')),
    cause              text,
    draft              jsonb,
    owner              text,
    scope              text        not null default 'organization',
    version            integer     not null default 1,
    created_at         timestamptz not null,
    created_by         text        not null,
    updated_at         timestamptz not null,
    updated_by         text        not null,
    first_live_at      timestamptz,
    -- full evaluation is due then; null when nothing is evaluated
    next_evaluation_at timestamptz,
    check (kind = 'static' or query is not null)
);

-- Up to when the windows of a live dynamic segment have been moved. Beside the segment because it is written each second.
create table segment_clock (
    segment_id integer primary key references segment on delete cascade,
    at         timestamptz not null
) with (fillfactor = 50);

-- Who is in now.
create table membership (
    segment_id integer     not null,
    contact_id bigint      not null,
    joined_at  timestamptz not null,
    primary key (segment_id, contact_id)
);
create index membership_contact on membership (contact_id) include (segment_id);

-- Who was in, from when to when.
create table past_membership (
    segment_id integer     not null,
    contact_id bigint      not null,
    joined_at  timestamptz not null,
    left_at    timestamptz not null
);
create index past_membership_segment on past_membership (segment_id, left_at);
create index past_membership_contact on past_membership (contact_id);

-- Joiners and leavers on their way to journeys: one row per segment and pass, at most 1,000 contacts each.
-- Written with the memberships, deleted with what journeys make of it.
create table membership_change (
    seq        bigint generated always as identity primary key,
    segment_id integer     not null,
    joined     bigint[]    not null,
    left_      bigint[]    not null,
    at         timestamptz not null
);
alter table membership_change set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Each full evaluation, and what it found.
create table evaluation (
    id         uuid primary key default uuidv7(),
    segment_id integer     not null,
    kind       text        not null check (kind in ('first', 'full', 'definition')),
    at         timestamptz not null,
    took_ms    bigint      not null,
    size       bigint      not null,
    joined     bigint      not null,
    left_      bigint      not null,
    drift      bigint      not null default 0
);
create index evaluation_segment on evaluation (segment_id, at);

--rollback drop table evaluation;
--rollback drop table membership_change;
--rollback drop table past_membership;
--rollback drop table membership;
--rollback drop table segment_clock;
--rollback drop table segment;
