--liquibase formatted sql

--changeset sojourn:contacts-001
create table profile_type (
    key              text primary key,
    allow_undeclared boolean     not null default false,
    version          integer     not null default 1,
    updated_at       timestamptz not null default now()
);

-- options: folded text -> as declared, for types option and options; lookup: the profile type looked up.
create table profile_attribute (
    profile_type text    not null references profile_type,
    key          text    not null,
    type         text    not null check (type in ('text', 'number', 'boolean', 'date', 'timestamp', 'option', 'options', 'lookup')),
    options      text[],
    lookup       text,
    position     integer not null,
    primary key (profile_type, key)
);
insert into profile_type (key) values ('contact');

-- `id` is the short key that other tables and bitmaps carry; `uuid` is the one that leaves the house.
-- `folded` has every text and option attribute, built-in ones too, as the segment language compares it:
-- NFC, each code point's simple lower case, applied once in Java when the value is written.
create table contact (
    id          bigint generated always as identity primary key,
    uuid        uuid        not null unique default uuidv7(),
    external_id text unique,
    email       text,
    phone       text,
    first_name  text,
    last_name   text,
    locale      text,
    time_zone   text,
    address     jsonb       not null default '{}',
    latitude    double precision,
    longitude   double precision,
    owner       text,
    business_unit text,
    state       text        not null default 'active' check (state in ('active', 'inactive', 'erased')),
    attributes  jsonb       not null default '{}',
    folded      jsonb       not null default '{}',
    version     integer     not null default 1,
    created_at  timestamptz not null,
    updated_at  timestamptz not null
);
create index contact_folded on contact using gin (folded jsonb_path_ops);
create index contact_email on contact ((folded ->> 'email'));

-- Addresses that must never be written to again after their owner was erased: a keyed hash, no address.
create table do_not_contact (
    hash       bytea primary key,
    created_at timestamptz not null
);

-- What changed, for those who react to it: one row per batch and consumer, an array of contact ids.
-- `causes` names what may depend on it: `profile`, or keys of interaction types. `segment_id` narrows the work to one segment.
-- A consumer deletes the row in the transaction that applies it.
create table change (
    seq         bigint generated always as identity primary key,
    consumer    text        not null check (consumer in ('segments', 'runs')),
    contact_ids bigint[]    not null,
    causes      text[]      not null,
    segment_id  integer,
    at          timestamptz not null,
    not_before  timestamptz
);
create index change_queue on change (consumer, seq);
alter table change alter column contact_ids set storage external; -- compressing ids costs more than it saves
alter table change set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

--rollback drop table change;
--rollback drop table do_not_contact;
--rollback drop table contact;
--rollback drop table profile_attribute;
--rollback drop table profile_type;
