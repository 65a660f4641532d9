--liquibase formatted sql

--changeset sojourn:interactions-005
-- What becomes of the webhooks of journeys.
insert into interaction_type (key, built_in)
select key, true
from unnest(array['WebhookSent', 'WebhookUnconfirmed', 'WebhookBlocked']) as key
on conflict (key) do update set built_in = true;

--rollback delete from interaction_type t where built_in and key ~ '^Webhook' and properties = '{}' and not exists (select from interaction where type_id = t.id);
--rollback update interaction_type set built_in = false where key ~ '^Webhook';
