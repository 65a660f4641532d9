--liquibase formatted sql

--changeset sojourn:segments-007
-- Members as of a past moment are read page by page, in the order of contacts.
create index past_membership_page on past_membership (segment_id, contact_id);

--rollback drop index past_membership_page;
