--liquibase formatted sql

--changeset sojourn:journeys-009
-- Runs that the next iteration ended say so by the name that is fixed for it.
update run set reason = 'restarted' where reason = 'next-iteration';
update run set exit_requested = 'restarted' where exit_requested = 'next-iteration';
update tile_visit set reason = 'restarted' where reason = 'next-iteration';
update interaction
set properties = properties || '{"reason": "restarted"}', folded = folded || '{"reason": "restarted"}'
where type_id in (select id from interaction_type where key in ('JourneyStopped', 'TileStopped'))
  and journey is not null and properties ->> 'reason' = 'next-iteration';

--rollback select 1;
