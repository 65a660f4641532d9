--liquibase formatted sql

--changeset sojourn:contacts-004
-- A contact that was merged into another: its row is that of an erased one, and says where it went (never to one that was
-- merged itself). Its UUID leads there; when that one is erased, nowhere any more.
alter table contact
    add column merged_into bigint,
    add check (merged_into is null or state = 'erased');
create index contact_merged on contact (id) include (merged_into) where merged_into is not null;
create index contact_merged_into on contact (merged_into) where merged_into is not null;

-- External ids of contacts that were merged into one with an external id of its own. Gone when that one is erased.
create table contact_alias (
    external_id text   primary key,
    contact_id  bigint not null
);
create index contact_alias_contact on contact_alias (contact_id);

--rollback drop table contact_alias;
--rollback drop index contact_merged_into;
--rollback drop index contact_merged;
--rollback alter table contact drop column merged_into;
