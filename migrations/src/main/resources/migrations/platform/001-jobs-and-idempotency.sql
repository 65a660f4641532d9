--liquibase formatted sql

--changeset sojourn:platform-001
-- Work that takes longer than a request. Any instance may take up a job whose lease has run out;
-- `position` says how far the last committed batch came, so that nothing is done twice, and `attempt` keeps whoever
-- lost the lease from writing. `uploading`: the body is still coming in; an upload that ended early is taken away.
create table job (
    id             uuid primary key default uuidv7(),
    kind           text        not null,
    state          text        not null check (state in ('uploading', 'queued', 'running', 'succeeded', 'failed', 'cancelled')),
    subject        text,
    input          jsonb       not null default '{}',
    done           bigint      not null default 0,
    total          bigint,
    position       jsonb       not null default '{}',
    result         jsonb       not null default '{}',
    problems       jsonb       not null default '[]',
    problems_total bigint      not null default 0,
    cancelling     boolean     not null default false,
    attempt        integer     not null default 0,
    failures       integer     not null default 0,
    created_at     timestamptz not null,
    created_by     text        not null,
    started_at     timestamptz,
    ended_at       timestamptz,
    leased_until   timestamptz
);
create index job_waiting on job (created_at) where state in ('uploading', 'queued', 'running');

-- The body of an upload, kept until its job has ended, so that a crash loses nothing that was answered 202.
create table job_upload (
    job_id uuid    not null references job on delete cascade,
    no     integer not null,
    bytes  bytea   not null,
    primary key (job_id, no)
);

-- One answer per (key of the caller, Idempotency-Key), kept for 24 hours. `status` is null while the first call runs;
-- should its process die, the lease runs out and the next call takes its place.
create table idempotent_request (
    caller       text        not null,
    key          text        not null,
    request_hash bytea,
    status       integer,
    headers      jsonb,
    body         bytea,
    created_at   timestamptz not null,
    leased_until timestamptz,
    primary key (caller, key)
);
create index idempotent_request_age on idempotent_request (created_at);

-- What instances agree on, by name: keys for signing, the Temporal namespace seen last.
create table setting (
    name  text primary key,
    value jsonb not null
);

--rollback drop table setting;
--rollback drop table idempotent_request;
--rollback drop table job_upload;
--rollback drop table job;
