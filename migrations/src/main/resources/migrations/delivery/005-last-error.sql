--liquibase formatted sql

--changeset sojourn:delivery-005
-- What keeps a message that is tried again, and until when.
alter table delivery add column last_error text, add column next_try_at timestamptz;

--rollback alter table delivery drop column last_error, drop column next_try_at;
