--liquibase formatted sql

--changeset sojourn:messages-001
-- live_version is null until the first go live; draft is what the next one would publish.
create table message (
    id           integer generated always as identity primary key,
    uuid         uuid        not null unique default uuidv7(),
    key          text        not null unique,
    channel      text        not null check (channel in ('email')),
    state        text        not null check (state in ('draft', 'live', 'stopped')),
    draft        jsonb,
    live_version integer,
    version      integer     not null default 1,
    created_at   timestamptz not null,
    created_by   text        not null,
    updated_at   timestamptz not null,
    updated_by   text        not null
);

create table message_version (
    message_id integer     not null references message,
    version    integer     not null,
    content    jsonb       not null,
    live_at    timestamptz not null,
    live_by    text        not null,
    primary key (message_id, version)
);

--rollback drop table message_version;
--rollback drop table message;
