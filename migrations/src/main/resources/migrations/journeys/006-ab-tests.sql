--liquibase formatted sql

--changeset sojourn:journeys-006
-- A test that a tile of a journey is. `definition` is a hash of what makes results comparable (variants, what is sent, metric): versions
-- of the journey that agree in it share the row, another definition is another test. `started_at` is when the first contact
-- came; null when the winner was named before. `looked_at` is when it was last looked whether it has a winner.
create table ab_test (
    id         integer generated always as identity primary key,
    journey_id integer     not null references journey,
    tile       text        not null,
    definition text        not null,
    started_at timestamptz,
    looked_at  timestamptz not null,
    winner     text,
    unique (journey_id, tile, definition)
);
create index ab_test_running on ab_test (looked_at) where winner is null;

-- Who or what named a winner, when and why, and how the test stood; the last one holds.
create table ab_decision (
    id         bigint generated always as identity primary key,
    test_id    integer     not null references ab_test,
    winner     text        not null,
    how        text        not null check (how in ('significance', 'time', 'override')),
    conclusive boolean     not null,
    at         timestamptz not null,
    by         text        not null,
    why        text,
    numbers    jsonb       not null
);
create index ab_decision_of on ab_decision (test_id, id);
-- A test decides once by itself.
create unique index ab_decision_once on ab_decision (test_id) where how <> 'override';

-- The variant that a contact got by chance, once for a test, and the visit by which it counts.
create table ab_assignment (
    test_id     integer     not null references ab_test,
    contact_id  bigint      not null,
    variant     text        not null,
    run_id      uuid        not null,
    visit       integer     not null,
    assigned_at timestamptz not null,
    primary key (test_id, contact_id)
);

--rollback drop table ab_assignment;
--rollback drop table ab_decision;
--rollback drop table ab_test;
