--liquibase formatted sql

--changeset sojourn:journeys-003
-- How many contacts went the way of a branch that takes only so many. The row is locked while one is let in; rows stay with
-- the journey, over all its versions.
create table split_count (
    journey_id integer not null references journey,
    tile       text    not null,
    branch     text    not null,
    taken      integer not null,
    primary key (journey_id, tile, branch)
);

--rollback drop table split_count;
