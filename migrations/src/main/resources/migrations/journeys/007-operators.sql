--liquibase formatted sql

--changeset sojourn:journeys-007
-- What has become of a journey, in order; `sojourn` is who did what nobody asked for just then.
create table journey_milestone (
    id         bigint generated always as identity primary key,
    journey_id integer     not null references journey on delete cascade,
    kind       text        not null check (kind in ('created', 'edited', 'live', 'started', 'paused', 'resuming', 'resumed',
                                                    'stopping', 'stopped', 'completing', 'completed')),
    at         timestamptz not null,
    by         text        not null,
    version    integer,
    reason     text
);
create index journey_milestone_of on journey_milestone (journey_id, id);
insert into journey_milestone (journey_id, kind, at, by, version)
select journey_id, kind, at, by, version
from (select id as journey_id, 'created' as kind, created_at as at, created_by as by, null::integer as version from journey
      union all
      select journey_id, 'live', live_at, live_by, version from journey_version
      union all
      select id, state, ended_at, 'sojourn', live_version from journey
      where state in ('stopped', 'completed') and ended_at is not null) known
order by at, kind;

-- How many runs the end of the present pause and the present move to another version have to go through, and have.
alter table journey add resume_total bigint not null default 0;
alter table journey add resume_done bigint not null default 0;
alter table journey add move_total bigint not null default 0;
alter table journey add move_done bigint not null default 0;

-- The runs that a job is to help on, as they were chosen, and what became of each: null until the job has come to it. `visit` is where the run
-- must still be; null where that does not matter.
create table run_intervention (
    job_id uuid   not null references job on delete cascade,
    no     bigint not null,
    run_id uuid   not null,
    visit  integer,
    result text check (result in ('done', 'skipped', 'failed')),
    code   text,
    detail text,
    primary key (job_id, no)
);

--rollback drop table run_intervention;
--rollback alter table journey drop move_done;
--rollback alter table journey drop move_total;
--rollback alter table journey drop resume_done;
--rollback alter table journey drop resume_total;
--rollback drop table journey_milestone;
