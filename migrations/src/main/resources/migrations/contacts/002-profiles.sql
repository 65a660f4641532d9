--liquibase formatted sql

--changeset sojourn:contacts-002
alter table profile_type
    add id       smallint generated always as identity unique,
    add built_in boolean not null default false,
    add name     text;
alter table profile_attribute add built_in boolean not null default false;
update profile_type set built_in = true, name = 'Contact' where key = 'contact';

-- How records of two types belong together: by a lookup attribute of the first, or freely when there is none.
create table relationship (
    id         smallint generated always as identity primary key,
    key        text        not null unique,
    from_type  text        not null references profile_type,
    attribute  text,
    to_type    text        not null references profile_type,
    built_in   boolean     not null default false,
    created_at timestamptz not null default now()
);

-- The records of every type but contact. `folded` is as in `contact`, external ids aside.
create table profile (
    id          bigint generated always as identity primary key,
    type_id     smallint    not null,
    uuid        uuid        not null unique default uuidv7(),
    external_id text,
    attributes  jsonb       not null default '{}',
    folded      jsonb       not null default '{}',
    version     integer     not null default 1,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    unique (type_id, external_id)
);
create index profile_of_type on profile (type_id, id);
create index profile_folded on profile using gin (folded jsonb_path_ops);

-- Every relationship as pairs, those by a lookup attribute too: kept in the transaction that writes the attribute.
-- The ids are those of contacts where the type is contact, of profiles elsewhere. Gone with either record.
create table link (
    relationship_id smallint    not null,
    from_id         bigint      not null,
    to_id           bigint      not null,
    since           timestamptz not null,
    primary key (relationship_id, from_id, to_id)
);
create index link_back on link (relationship_id, to_id, from_id);

-- Records other than contacts that changed (cause `profile`), or whose links by a relationship did. Segments delete a row in the transaction that applies it.
create table record_change (
    seq        bigint generated always as identity primary key,
    type_id    smallint    not null,
    record_ids bigint[]    not null,
    cause      text        not null,
    at         timestamptz not null
);
alter table record_change alter column record_ids set storage external;
alter table record_change set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

insert into profile_type (key, name, built_in)
values ('account', 'Account', true),
       ('lead', 'Lead', true),
       ('event', 'Event', true),
       ('event_registration', 'Event registration', true),
       ('marketing_list', 'Marketing list', true),
       ('opportunity', 'Opportunity', true);

insert into profile_attribute (profile_type, key, type, options, lookup, position, built_in)
values ('account', 'name', 'text', null, null, 0, true),
       ('account', 'industry', 'text', null, null, 1, true),
       ('account', 'website', 'text', null, null, 2, true),
       ('account', 'phone', 'text', null, null, 3, true),
       ('account', 'city', 'text', null, null, 4, true),
       ('account', 'country', 'text', null, null, 5, true),
       ('account', 'employees', 'number', null, null, 6, true),
       ('account', 'annualRevenue', 'number', null, null, 7, true),
       ('lead', 'email', 'text', null, null, 0, true),
       ('lead', 'firstName', 'text', null, null, 1, true),
       ('lead', 'lastName', 'text', null, null, 2, true),
       ('lead', 'phone', 'text', null, null, 3, true),
       ('lead', 'company', 'text', null, null, 4, true),
       ('lead', 'source', 'text', null, null, 5, true),
       ('lead', 'status', 'option', '{new,open,qualified,disqualified}', null, 6, true),
       ('lead', 'contact', 'lookup', null, 'contact', 7, true),
       ('event', 'name', 'text', null, null, 0, true),
       ('event', 'city', 'text', null, null, 1, true),
       ('event', 'startsAt', 'timestamp', null, null, 2, true),
       ('event', 'endsAt', 'timestamp', null, null, 3, true),
       ('event', 'format', 'option', '{onsite,online,hybrid}', null, 4, true),
       ('event_registration', 'event', 'lookup', null, 'event', 0, true),
       ('event_registration', 'contact', 'lookup', null, 'contact', 1, true),
       ('event_registration', 'status', 'option', '{registered,waitlisted,cancelled,attended}', null, 2, true),
       ('event_registration', 'registeredAt', 'timestamp', null, null, 3, true),
       ('marketing_list', 'name', 'text', null, null, 0, true),
       ('marketing_list', 'purpose', 'text', null, null, 1, true),
       ('opportunity', 'name', 'text', null, null, 0, true),
       ('opportunity', 'account', 'lookup', null, 'account', 1, true),
       ('opportunity', 'contact', 'lookup', null, 'contact', 2, true),
       ('opportunity', 'stage', 'text', null, null, 3, true),
       ('opportunity', 'amount', 'number', null, null, 4, true),
       ('opportunity', 'closesOn', 'date', null, null, 5, true);

-- Somebody may have declared an `account` of another kind, which then stays what it is, and nothing goes over it.
insert into profile_attribute (profile_type, key, type, lookup, position, built_in)
select 'contact', 'account', 'lookup', 'account', coalesce(max(position) + 1, 0), true
from profile_attribute where profile_type = 'contact'
on conflict do nothing;

insert into relationship (key, from_type, attribute, to_type, built_in)
select seed.key, from_type, attribute, to_type, true
from (values (1, 'contact_account', 'contact', 'account', 'account'),
             (2, 'lead_contact', 'lead', 'contact', 'contact'),
             (3, 'event_registration_contact', 'event_registration', 'contact', 'contact'),
             (4, 'event_registration_event', 'event_registration', 'event', 'event'),
             (5, 'opportunity_account', 'opportunity', 'account', 'account'),
             (6, 'opportunity_contact', 'opportunity', 'contact', 'contact'),
             (7, 'contact_marketing_list', 'contact', null, 'marketing_list'))
     as seed (position, key, from_type, attribute, to_type)
where attribute is null
   or exists (select from profile_attribute a
              where a.profile_type = seed.from_type and a.key = seed.attribute and a.lookup = seed.to_type)
order by position;

--rollback drop table record_change;
--rollback drop table link;
--rollback drop table profile;
--rollback drop table relationship;
--rollback delete from profile_attribute where profile_type <> 'contact' or lookup <> 'contact';
--rollback delete from profile_type where key <> 'contact';
--rollback alter table profile_attribute drop built_in;
--rollback alter table profile_type drop id, drop built_in, drop name;
