--liquibase formatted sql

--changeset sojourn:segments-010
-- What segments may ask of the messages and journeys that interactions name: as of the version that is live or was last.
-- `folded` is as in `contact`. Written with each go live, never deleted, as what was live is not.
create table named_record (
    kind       text  not null check (kind in ('message', 'journey')),
    key        text  not null,
    attributes jsonb not null,
    folded     jsonb not null,
    primary key (kind, key)
);

--rollback drop table named_record;
