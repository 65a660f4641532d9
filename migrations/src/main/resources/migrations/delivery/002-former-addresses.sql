--liquibase formatted sql

--changeset sojourn:delivery-002
-- Keyed hashes of the addresses of contacts that were merged into another, as in `do_not_contact`: they go there when that one
-- is erased, and its rows here go.
create table former_address (
    contact_id bigint not null,
    hash       bytea  not null,
    primary key (contact_id, hash)
);

--rollback drop table former_address;
