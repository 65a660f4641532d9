--liquibase formatted sql

--changeset sojourn:delivery-001
-- One message to one contact point of one contact. (run, visit) makes the key under which it is reserved before
-- anything is sent: a second attempt finds it and knows how far the first one came.
create table delivery (
    id              uuid primary key default uuidv7(),
    contact_id      bigint      not null,
    run_id          uuid        not null,
    visit           integer     not null,
    journey         text        not null,
    journey_version integer     not null,
    tile            text        not null,
    pass            integer     not null,
    channel         text        not null,
    message         text        not null,
    message_version integer     not null,
    contact_point   text,
    state           text        not null check (state in ('reserved', 'handing-over', 'sent', 'unconfirmed', 'delivered',
                                                          'bounced', 'blocked', 'expired', 'failed', 'cancelled')),
    reason          text,
    attempt         integer     not null default 0,
    leased_until    timestamptz,
    expires_at      timestamptz,
    reserved_at     timestamptz not null,
    ended_at        timestamptz,
    links           jsonb       not null default '[]',
    run_entered_at  timestamptz not null,
    tile_entered_at timestamptz not null,
    unique (run_id, visit)
);
create index delivery_journey on delivery (journey, state);
create index delivery_contact on delivery (contact_id);

-- The latest word of a contact point on a purpose ("not set" has no row).
create table consent (
    contact_id    bigint      not null,
    contact_point text        not null,
    purpose       text        not null,
    state         text        not null check (state in ('in', 'out')),
    source        text        not null,
    at            timestamptz not null,
    primary key (contact_id, contact_point, purpose)
);

--rollback drop table consent;
--rollback drop table delivery;
