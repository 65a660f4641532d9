--liquibase formatted sql

--changeset sojourn:segments-003
-- `rescoped`: how often whom the scope means has changed since the last full evaluation; that many changes it makes up for.
alter table segment
    add column tags            text[]  not null default '{}',
    add column external_source text,
    add column external_url    text,
    add column stopped_at      timestamptz,
    add column first_live_by   text,
    add column rescoped        integer not null default 0;
-- Edits under way have what edits have had since.
update segment
set draft = draft || jsonb_build_object('scope', scope, 'tags', jsonb_build_array(), 'external', null)
where draft is not null;
create index segment_tags on segment using gin (tags);

-- Contacts whom somebody has put into a dynamic segment or kept out of it, whatever its query says.
create table segment_override (
    segment_id integer     not null references segment on delete cascade,
    contact_id bigint      not null,
    kind       text        not null check (kind in ('include', 'exclude')),
    reason     text,
    at         timestamptz not null,
    by_        text        not null,
    primary key (segment_id, contact_id)
);
create index segment_override_contact on segment_override (contact_id);

-- The results of queries for members of static segments, and the contacts in them; deleted a while after `expires_at`.
create table member_query (
    id         uuid primary key default uuidv7(),
    segment_id integer     not null references segment on delete cascade,
    query      text        not null,
    time_zone  text        not null,
    among      text        not null check (among in ('contacts', 'members')),
    size       bigint      not null,
    at         timestamptz not null,
    by_        text        not null,
    expires_at timestamptz not null
);
create index member_query_age on member_query (expires_at);
create index member_query_segment on member_query (segment_id);
create table member_query_contact (
    query_id   uuid   not null references member_query on delete cascade,
    contact_id bigint not null,
    primary key (query_id, contact_id)
);

-- What a source of an external segment has sent under an id of its own: `result` is null until all of it is done.
create table member_sync (
    segment_id integer     not null references segment on delete cascade,
    sync_id    text        not null,
    job_id     uuid        not null,
    result     jsonb,
    at         timestamptz not null,
    primary key (segment_id, sync_id)
);

-- The members that a full replacement has named so far; deleted by the transaction that makes them the members.
create table member_sync_contact (
    job_id     uuid   not null,
    contact_id bigint not null,
    primary key (job_id, contact_id)
);

-- Templates that people have saved; those that are shipped lie in the program.
create table segment_template (
    key         text primary key,
    name        text        not null,
    description text,
    category    text        not null,
    query       text        not null,
    parameters  jsonb       not null,
    version     integer     not null default 1,
    created_at  timestamptz not null,
    created_by  text        not null
);

--rollback drop table segment_template;
--rollback drop table member_sync_contact;
--rollback drop table member_sync;
--rollback drop table member_query_contact;
--rollback drop table member_query;
--rollback drop table segment_override;
--rollback drop index segment_tags;
--rollback alter table segment drop column tags, drop column external_source, drop column external_url, drop column stopped_at, drop column first_live_by, drop column rescoped;
