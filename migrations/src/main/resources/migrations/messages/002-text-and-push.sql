--liquibase formatted sql

--changeset sojourn:messages-002
alter table message drop constraint message_channel_check;
alter table message add constraint message_channel_check check (channel in ('email', 'text', 'push'));

--rollback alter table message drop constraint message_channel_check;
--rollback alter table message add constraint message_channel_check check (channel in ('email'));
