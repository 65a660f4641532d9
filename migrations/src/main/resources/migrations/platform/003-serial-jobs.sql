--liquibase formatted sql

--changeset sojourn:platform-003
-- Jobs of one `serial` are run one after another in the order of their `turn`, which each gets when it is queued. The older
-- ones have ended before a job is taken up.
create sequence job_turn;
alter table job
    add column serial text,
    add column turn   bigint;
create index job_serial on job (serial, turn) where state in ('queued', 'running');

--rollback drop index job_serial;
--rollback alter table job drop column serial, drop column turn;
--rollback drop sequence job_turn;
