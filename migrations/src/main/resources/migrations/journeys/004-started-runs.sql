--liquibase formatted sql

--changeset sojourn:journeys-004
-- Runs that tiles of other runs of the contact have started: which run a visit waits for, and where a chain came from.
create table run_start (
    run_id     uuid    not null,
    contact_id bigint  not null,
    visit      integer not null,
    started    uuid    not null,
    primary key (run_id, visit, contact_id)
);
create index run_start_of on run_start (started);

--rollback drop table run_start;
