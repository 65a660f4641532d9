--liquibase formatted sql

--changeset sojourn:contacts-003
-- Owner groups that scope records.
create table business_unit (
    key        text primary key,
    name       text        not null,
    version    integer     not null default 1,
    created_at timestamptz not null,
    created_by text        not null,
    updated_at timestamptz not null,
    updated_by text        not null
);

-- Names of keys and people, each in one unit at most.
create table business_unit_member (
    member        text primary key,
    business_unit text not null references business_unit on delete cascade
);
create index business_unit_member_unit on business_unit_member (business_unit);

alter table contact add foreign key (business_unit) references business_unit;
create index contact_business_unit on contact (business_unit) where business_unit is not null;

--rollback drop index contact_business_unit;
--rollback alter table contact drop constraint contact_business_unit_fkey;
--rollback drop table business_unit_member;
--rollback drop table business_unit;
