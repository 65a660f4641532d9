--liquibase formatted sql

--changeset sojourn:contacts-008
-- Whose a lead is, what it is about and when somebody is to have called; an attribute that somebody has declared stays theirs.
insert into profile_attribute (profile_type, key, type, position, built_in)
select 'lead', given.key, given.type, last.position + given.place, true
from (values (1, 'owner', 'text'), (2, 'subject', 'text'), (3, 'dueAt', 'timestamp')) as given (place, key, type),
     (select max(position) as position from profile_attribute where profile_type = 'lead') as last
where exists (select from profile_type where key = 'lead' and built_in)
on conflict do nothing;

--rollback delete from profile_attribute where profile_type = 'lead' and built_in and key in ('owner', 'subject', 'dueAt');
