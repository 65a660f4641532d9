--liquibase formatted sql

--changeset sojourn:interactions-001
create table interaction_type (
    id         smallint generated always as identity primary key,
    key        text        not null unique,
    built_in   boolean     not null default false,
    properties jsonb       not null default '{}',
    version    integer     not null default 1,
    created_at timestamptz not null default now()
);

insert into interaction_type (key, built_in)
select key, true
from unnest(array[
    'EmailSent', 'EmailDelivered', 'EmailOpened', 'EmailClicked', 'EmailHardBounced', 'EmailSoftBounced',
    'EmailBlockBounced', 'EmailUnconfirmed', 'EmailBlocked', 'EmailComplained', 'EmailUnsubscribed',
    'FormSubmitted', 'WebsiteVisited', 'EventRegistered', 'EventCheckedIn', 'SubscriptionJoined', 'SubscriptionLeft',
    'TaskCompleted',
    'JourneyEntered', 'TileEntered', 'TileProcessed', 'TileStopped', 'TileExpired', 'TileFailed',
    'JourneyCompleted', 'JourneyStopped', 'JourneyFailed', 'GoalReached']) as key;

-- The facts. Partitioned by month of occurrence; partitions are made ahead by the application.
-- `properties` is as sent; `folded` has its text and option properties as the segment language compares them (null when none).
-- `journey` and `tile` are lifted out of the properties because most questions about the product's own facts name them.
create table interaction (
    contact_id   bigint      not null,
    occurred_at  timestamptz not null,
    received_at  timestamptz not null,
    type_id      smallint    not null,
    content_hash uuid        not null,
    id           text        not null,
    journey      text,
    tile         text,
    binding_key  text,
    properties   jsonb,
    folded       jsonb
) partition by range (occurred_at);
create unique index interaction_id_at on interaction (id, occurred_at);
create index interaction_window on interaction (type_id, occurred_at) include (contact_id);
create index interaction_contact on interaction (type_id, contact_id, occurred_at);
create index interaction_journey on interaction (type_id, journey, occurred_at) include (contact_id)
    where journey is not null;

-- Far past and far future, so that no instant is without a home; months are split off by the application.
create table interaction_default partition of interaction default;

-- Ids of the last 35 days, whatever their month: makes a repeat without the same occurredAt harmless too.
-- content_hash: the first 128 bits of SHA-256 over the parsed fields before defaults.
create table interaction_seen (
    id           text primary key,
    content_hash uuid        not null,
    received_at  timestamptz not null
);
create index interaction_seen_age on interaction_seen using brin (received_at);

--rollback drop table interaction_seen;
--rollback drop table interaction;
--rollback drop table interaction_type;
