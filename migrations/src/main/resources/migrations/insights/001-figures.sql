--liquibase formatted sql

--changeset sojourn:insights-001 splitStatements:false
-- Nobody writes meanwhile, and nobody who holds one of these waits for another.
lock table journey, run, tile_visit, interaction in share row exclusive mode;

-- How many runs, visits and engagements there are that agree in everything that figures tell apart, by the hour in which they began.
-- `source` is `run`, `visit` or `engagement`. Of an engagement `type` is what was done (opened, clicked, unsubscribed, complained),
-- `n` counts messages and `times` how often; of the others `times` is null. `again` is of second passes and further runs of a contact: where
-- there are none, distinct contacts are as many as rows.
create table figure_sum (
    journey_id integer not null,
    source     text    not null,
    version    integer,
    hour       timestamptz,
    tile       text,
    type       text,
    status     text,
    outcome    text,
    branch     text,
    reason     text,
    goal       boolean not null,
    again      boolean not null,
    n          bigint  not null,
    times      bigint,
    unique nulls not distinct (journey_id, source, hour, tile, type, version, status, outcome, branch, reason, goal, again)
);
create index figure_sum_empty on figure_sum (journey_id) where n = 0;

-- What is to be added to the sums, written in the transaction that changes the rows and folded in soon after: a figure is what both have.
-- Who changes a row so waits for nobody.
create table figure_delta (like figure_sum);
alter table figure_delta set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

-- A message that its contact opened, clicked in, or unsubscribed or complained by, and how often, whatever link it was.
-- The properties by which an interaction names it may have been sent from outside, so they are texts here; the others are the first one's.
create table engagement (
    journey_id integer not null,
    what       text    not null,
    tile       text    not null,
    run        text    not null,
    pass       text    not null,
    version    integer,
    began_at   timestamptz,
    times      bigint  not null,
    primary key (run, tile, pass, what, journey_id)
);

-- Hours that a range cuts are counted from rows, which lie about in the order in which they began.
create index run_entered on run using brin (entered_at) with (autosummarize);
create index tile_visit_entered on tile_visit using brin (entered_at) with (autosummarize);
create index engagement_began on engagement using brin (began_at) with (autosummarize);

create function figure_of_run(r run, n integer) returns void language sql as $$
    insert into figure_delta (journey_id, source, version, hour, tile, status, outcome, reason, goal, again, n)
    select r.journey_id, 'run', r.version, date_trunc('hour', r.entered_at, 'UTC'),
           case when r.status = 'completed' then r.tile end,
           case when r.status = 'pending' then 'active' else r.status end,
           r.outcome, r.reason, r.goal_at is not null, r.run_no > 1, n
$$;

create function figure_of_visit(v tile_visit, n integer) returns void language sql as $$
    insert into figure_delta (journey_id, source, version, hour, tile, type, status, outcome, branch, reason, goal, again, n)
    select v.journey_id, 'visit', v.version, date_trunc('hour', v.entered_at, 'UTC'),
           v.tile, v.type, v.status, v.outcome, v.branch, v.reason, false, v.pass > 1, n
$$;

create function count_run() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        perform figure_of_run(old, -1);
    end if;
    if tg_op <> 'DELETE' then
        perform figure_of_run(new, 1);
    end if;
    return null;
end $$;

create function count_visit() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        perform figure_of_visit(old, -1);
    end if;
    if tg_op <> 'DELETE' then
        perform figure_of_visit(new, 1);
    end if;
    return null;
end $$;

-- An engagement more (`n_` 1) or less (-1) by an interaction of a type that is one. Names of its own end in an underscore.
create function figure_of_engagement(type_ smallint, key_ text, tile_ text, properties_ jsonb, n_ integer)
    returns void language plpgsql as $$
declare
    what_    text;
    journey_ integer;
    engaged_ engagement;
begin
    select lower(substring(key from '(Opened|Clicked|Unsubscribed|Complained)$')) into what_
    from interaction_type where id = type_ and built_in and key ~ '^(Email|Text|Push)';
    -- What is longer was not written by the product, and would not fit the key.
    if what_ is null or length(tile_) > 300 or length(properties_ ->> 'run') > 100 or length(properties_ ->> 'pass') > 100 then
        return;
    end if;
    select id into journey_ from journey where key = key_;
    if journey_ is null then
        return;
    end if;
    insert into engagement as e (journey_id, what, tile, run, pass, version, began_at, times)
    values (journey_, what_, tile_, coalesce(properties_ ->> 'run', ''), coalesce(properties_ ->> 'pass', ''),
            case when properties_ ->> 'version' ~ '^[0-9]{1,9}$' then cast(properties_ ->> 'version' as integer) end,
            case when pg_input_is_valid(properties_ ->> 'tileEnteredAt', 'timestamptz')
                 then cast(properties_ ->> 'tileEnteredAt' as timestamptz) end,
            n_)
    on conflict (run, tile, pass, what, journey_id) do update set times = e.times + n_
    returning * into engaged_;
    insert into figure_delta (journey_id, source, version, hour, tile, type, goal, again, n, times)
    values (journey_, 'engagement', engaged_.version, date_trunc('hour', engaged_.began_at, 'UTC'), tile_, what_, false, false,
            case when n_ = 1 and engaged_.times = 1 then 1 when n_ = -1 and engaged_.times = 0 then -1 else 0 end, n_);
    if engaged_.times = 0 then
        delete from engagement e
        where e.run = engaged_.run and e.tile = engaged_.tile and e.pass = engaged_.pass and e.what = engaged_.what
          and e.journey_id = engaged_.journey_id;
    end if;
end $$;

create function count_interaction() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.journey is not null and old.tile is not null then
        perform figure_of_engagement(old.type_id, old.journey, old.tile, old.properties, -1);
    end if;
    if new.journey is not null and new.tile is not null then
        perform figure_of_engagement(new.type_id, new.journey, new.tile, new.properties, 1);
    end if;
    return null;
end $$;

create trigger count_run_made after insert or delete on run for each row execute function count_run();
create trigger count_run_changed after update on run for each row
    when ((old.journey_id, old.version, old.entered_at, old.outcome, old.reason, old.goal_at is null)
          is distinct from (new.journey_id, new.version, new.entered_at, new.outcome, new.reason, new.goal_at is null)
          or old.status <> new.status and (old.status, new.status) <> ('pending', 'active'))
    execute function count_run();

create trigger count_visit_made after insert or delete on tile_visit for each row execute function count_visit();
create trigger count_visit_changed after update on tile_visit for each row
    when ((old.version, old.entered_at, old.tile, old.type, old.status, old.outcome, old.branch, old.reason)
          is distinct from
          (new.version, new.entered_at, new.tile, new.type, new.status, new.outcome, new.branch, new.reason))
    execute function count_visit();

-- Interactions are not deleted, only moved to the table of their month.
create trigger count_interaction_made after insert on interaction for each row
    when (new.journey is not null and new.tile is not null)
    execute function count_interaction();
create trigger count_interaction_changed after update on interaction for each row
    when ((old.journey, old.tile, old.properties ->> 'run', old.properties ->> 'pass')
          is distinct from (new.journey, new.tile, new.properties ->> 'run', new.properties ->> 'pass'))
    execute function count_interaction();

-- What there is already, as the functions above have it.
insert into figure_sum (journey_id, source, version, hour, tile, status, outcome, reason, goal, again, n)
select journey_id, 'run', version, date_trunc('hour', entered_at, 'UTC'), case when status = 'completed' then tile end,
       case when status = 'pending' then 'active' else status end, outcome, reason, goal_at is not null, run_no > 1, count(*)
from run
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10;
insert into figure_sum (journey_id, source, version, hour, tile, type, status, outcome, branch, reason, goal, again, n)
select journey_id, 'visit', version, date_trunc('hour', entered_at, 'UTC'), tile, type, status, outcome, branch, reason, false,
       pass > 1, count(*)
from tile_visit
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12;
do $$
begin
    perform figure_of_engagement(i.type_id, i.journey, i.tile, i.properties, 1)
    from interaction i
    where i.journey is not null and i.tile is not null
      and i.type_id in (select id from interaction_type where key ~ '(Opened|Clicked|Unsubscribed|Complained)$');
end $$;

--rollback drop trigger count_interaction_changed on interaction;
--rollback drop trigger count_interaction_made on interaction;
--rollback drop trigger count_visit_changed on tile_visit;
--rollback drop trigger count_visit_made on tile_visit;
--rollback drop trigger count_run_changed on run;
--rollback drop trigger count_run_made on run;
--rollback drop function count_interaction();
--rollback drop function count_visit();
--rollback drop function count_run();
--rollback drop function figure_of_engagement(smallint, text, text, jsonb, integer);
--rollback drop function figure_of_visit(tile_visit, integer);
--rollback drop function figure_of_run(run, integer);
--rollback drop index tile_visit_entered;
--rollback drop index run_entered;
--rollback drop table engagement;
--rollback drop table figure_delta;
--rollback drop table figure_sum;
