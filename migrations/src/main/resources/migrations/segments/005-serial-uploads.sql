--liquibase formatted sql

--changeset sojourn:segments-005
-- Uploads of members that wait or run line up as later ones do, and are written as later ones are.
update job
set serial = 'segment-members/' || (job.input ->> 'segment'),
    turn = lined.turn,
    input = case when job.kind = 'segment-members-replacement' then job.input || '{"action": "REPLACE"}' else job.input end,
    position = case when job.kind = 'segment-members-replacement' and job.position <> '{}'
                    then job.position || '{"joined": 0, "left": 0}' else job.position end
from (select id, nextval('job_turn') as turn
      from (select id from job
            where kind in ('segment-members-import', 'segment-members-replacement', 'segment-members')
              and state in ('queued', 'running')
            order by created_at, id) as waiting) as lined
where lined.id = job.id;

--rollback update job set input = input - 'action', position = position - 'joined' - 'left' where kind = 'segment-members-replacement';
