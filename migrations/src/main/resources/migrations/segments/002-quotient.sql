--liquibase formatted sql

--changeset sojourn:segments-002
-- The quotient of the segment language: exact, then rounded half away from zero to ten decimals; null when dividing by zero.
-- The division of numeric itself keeps fewer decimals the greater the quotient, so it is done on whole numbers.
create function segment_quotient(dividend numeric, divisor numeric) returns numeric
    language sql immutable strict parallel safe
    return case
        when divisor <> 0
        then sign(dividend) * sign(divisor) * div(abs(dividend) * 20000000000 + abs(divisor), abs(divisor) * 2) * 0.0000000001
    end;

--rollback drop function segment_quotient(numeric, numeric);
