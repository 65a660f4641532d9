--liquibase formatted sql

--changeset sojourn:tasks-001
-- What somebody is to do about a contact, made by tiles of journeys. Rows stay; of an erased contact without what is personal.
create table task (
    id         uuid        not null default uuidv7(),
    contact_id bigint      not null,
    kind       text        not null check (kind in ('task', 'appointment', 'phoneCall')),
    state      text        not null check (state in ('open', 'completed', 'cancelled')),
    owner      text,
    team       text,
    subject    text,
    text       text,
    due_at     timestamptz,
    journey    text        not null,
    version    integer     not null,
    tile       text        not null,
    pass       integer     not null,
    run_id     uuid        not null,
    visit      integer     not null,
    outcome    text,
    created_at timestamptz not null,
    ended_at   timestamptz,
    ended_by   text,
    primary key (id, contact_id)
);
create unique index task_visit on task (run_id, visit, contact_id);
create index task_contact on task (contact_id);
create index task_owner on task (owner, state, id) where owner is not null;
create index task_state on task (state, id);

--rollback drop table task;
