--liquibase formatted sql

--changeset sojourn:interactions-006
-- The built-in property `event` names a record of the profile type `event`: from now on it is among `lookups`, by whose index
-- the interactions that name a record are found. One look through all interactions; few are written.
update interaction set lookups = coalesce(lookups, '{}') || jsonb_build_object('event', properties -> 'event')
where jsonb_typeof(properties -> 'event') = 'string';
update anonymous_interaction set lookups = coalesce(lookups, '{}') || jsonb_build_object('event', properties -> 'event')
where jsonb_typeof(properties -> 'event') = 'string';

--rollback update anonymous_interaction set lookups = nullif(lookups - 'event', '{}') where lookups is not null and jsonb_exists(lookups, 'event');
--rollback update interaction set lookups = nullif(lookups - 'event', '{}') where lookups is not null and jsonb_exists(lookups, 'event');
