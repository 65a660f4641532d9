--liquibase formatted sql

--changeset sojourn:security-002
-- Who did what to which thing, when and why; written by the transaction that did it, never changed but to forget the reason given
-- about a contact that is erased. `by` is the name of the key or command, `key_id` the key; `thing` a key or id of its `kind`.
-- `contact` is whom it was about, by a UUID that leads nowhere after an erasure. Nothing personal is in `details`.
create table audit_entry (
    id      uuid primary key default uuidv7(),
    at      timestamptz not null,
    by      text        not null,
    key_id  uuid,
    action  text        not null,
    kind    text        not null,
    thing   text        not null,
    contact uuid,
    reason  text,
    details jsonb       not null default '{}'
);
create index audit_entry_thing on audit_entry (kind, thing, id);
create index audit_entry_by on audit_entry (by, id);
create index audit_entry_at on audit_entry (at);
create index audit_entry_contact on audit_entry (contact, id) where contact is not null;

--rollback drop table audit_entry;
