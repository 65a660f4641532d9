--liquibase formatted sql

--changeset sojourn:delivery-004
-- The variant that was sent, of a message that a test sends.
alter table delivery add column variant text;

--rollback alter table delivery drop column variant;
