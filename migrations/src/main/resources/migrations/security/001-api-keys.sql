--liquibase formatted sql

--changeset sojourn:security-001
-- A key is shown once, when it is made; only its SHA-256 stays (the key is 256 random bits, so no salt is needed).
create table api_key (
    id           uuid primary key default uuidv7(),
    name         text        not null,
    role         text        not null check (role in ('viewer', 'marketer', 'operator', 'integrator', 'admin')),
    hash         bytea       not null unique,
    hint         text        not null,
    created_at   timestamptz not null,
    created_by   text        not null,
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz
);

--rollback drop table api_key;
