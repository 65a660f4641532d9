--liquibase formatted sql

--changeset sojourn:interactions-004
-- What becomes of texts and of push messages. Where somebody has declared a type of such a name, it is built in from now on and
-- keeps its properties.
insert into interaction_type (key, built_in)
select key, true
from unnest(array[
    'TextSent', 'TextDelivered', 'TextClicked', 'TextHardBounced', 'TextSoftBounced', 'TextBlockBounced', 'TextUnconfirmed',
    'TextBlocked', 'TextUnsubscribed',
    'PushSent', 'PushDelivered', 'PushOpened', 'PushClicked', 'PushHardBounced', 'PushSoftBounced', 'PushBlockBounced',
    'PushUnconfirmed', 'PushBlocked', 'PushUnsubscribed']) as key
on conflict (key) do update set built_in = true;

--rollback delete from interaction_type t where built_in and key ~ '^(Text|Push)' and properties = '{}' and not exists (select from interaction where type_id = t.id);
--rollback update interaction_type set built_in = false where key ~ '^(Text|Push)';
