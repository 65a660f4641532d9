--liquibase formatted sql

--changeset sojourn:interactions-007
-- What is made and changed of records. Where somebody has declared a type of such a name, it is built in from now on and keeps its
-- properties.
insert into interaction_type (key, built_in, properties)
select given.key, true, given.properties::jsonb
from (values
    ('RecordCreated', '{"record": "text", "recordId": "text"}'),
    ('RecordUpdated', '{"record": "text", "recordId": "text", "attribute": "text", "oldValue": "text", "newValue": "text"}'))
    as given (key, properties)
on conflict (key) do update set
    built_in = true, properties = excluded.properties || interaction_type.properties, version = interaction_type.version + 1;

--rollback delete from interaction_type t where built_in and key in ('RecordCreated', 'RecordUpdated') and not exists (select from interaction where type_id = t.id);
--rollback update interaction_type set built_in = false where key in ('RecordCreated', 'RecordUpdated');
