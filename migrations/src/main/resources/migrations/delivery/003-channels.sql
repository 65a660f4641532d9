--liquibase formatted sql

--changeset sojourn:delivery-003
-- A webhook has no message. What may have arrived and is tried again all the same, since the receiver can tell repeats, is
-- `uncertain`: it never ends as cancelled or expired.
alter table delivery alter column message drop not null;
alter table delivery alter column message_version drop not null;
alter table delivery add column uncertain boolean not null default false;

--rollback alter table delivery drop column uncertain;
--rollback update delivery set message = coalesce(message, ''), message_version = coalesce(message_version, 0) where message is null or message_version is null;
--rollback alter table delivery alter column message_version set not null;
--rollback alter table delivery alter column message set not null;
