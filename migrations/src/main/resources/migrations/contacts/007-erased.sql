--liquibase formatted sql

--changeset sojourn:contacts-007
-- Who is to be left out of what was found without a look at the contacts.
create index contact_erased on contact (id) where state = 'erased';
--rollback drop index contact_erased;
