--liquibase formatted sql

--changeset sojourn:interactions-003
-- Which contact an anonymous id is, by the last identify call that named it. Moves with a merge, gone when the contact is erased.
create table anonymous_link (
    anonymous_id text        primary key,
    contact_id   bigint      not null,
    linked_at    timestamptz not null
);
create index anonymous_link_contact on anonymous_link (contact_id);

-- Interactions of anonymous ids that are nobody yet, as they will stand in `interaction`; their ids are in `interaction_seen`
-- as long as they are here. Taken out by the identify call that gives them to a contact, or when `interactions.keepAnonymous` is over.
create table anonymous_interaction (like interaction including defaults);
alter table anonymous_interaction
    drop column contact_id,
    add column anonymous_id text not null,
    add primary key (id);
create index anonymous_interaction_of on anonymous_interaction (anonymous_id);
create index anonymous_interaction_lookups on anonymous_interaction using gin (lookups jsonb_path_ops) where lookups is not null;
create index anonymous_interaction_age on anonymous_interaction (received_at);

--rollback drop table anonymous_interaction;
--rollback drop table anonymous_link;
