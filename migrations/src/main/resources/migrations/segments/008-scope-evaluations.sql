--liquibase formatted sql

--changeset sojourn:segments-008
-- `scope`: evaluated because whom the scope means had changed, not what the segment is.
alter table evaluation
    drop constraint evaluation_kind_check,
    add constraint evaluation_kind_check check (kind in ('first', 'full', 'definition', 'scope'));

--rollback update evaluation set kind = 'definition' where kind = 'scope';
--rollback alter table evaluation drop constraint evaluation_kind_check, add constraint evaluation_kind_check check (kind in ('first', 'full', 'definition'));
