--liquibase formatted sql

--changeset sojourn:segments-006
-- A merge, which everybody waits for, moves the merged contact in results of queries and in what was laid aside.
create index member_query_contact_contact on member_query_contact (contact_id);
create index member_sync_contact_contact on member_sync_contact (contact_id);

--rollback drop index member_sync_contact_contact;
--rollback drop index member_query_contact_contact;
