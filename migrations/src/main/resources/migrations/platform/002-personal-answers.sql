--liquibase formatted sql

--changeset sojourn:platform-002
-- Which stored answers have something personal, so that they go when a contact is erased: `contact` says whose it is, and
-- is null where it may be anybody's.
alter table idempotent_request
    add column personal boolean not null default false,
    add column contact  uuid;
create index idempotent_request_personal on idempotent_request (contact) where personal;

--rollback drop index idempotent_request_personal;
--rollback alter table idempotent_request drop column personal, drop column contact;
