--liquibase formatted sql

--changeset sojourn:contacts-006
-- Small rows are what people and shops do now; large ones are parts of a burst, and must not be waited for.
create index change_small on change (consumer, seq) where cardinality(contact_ids) <= 100;
create index change_large on change (consumer, seq) where cardinality(contact_ids) > 100;
-- Of a row that was made of others: since when the oldest of these has waited. `at` is the newest.
alter table change add waiting_since timestamptz;

--rollback alter table change drop column waiting_since;
--rollback drop index change_large;
--rollback drop index change_small;
