--liquibase formatted sql

--changeset sojourn:segments-004 splitStatements:false
-- DATEADD of the segment language. Beyond the years 1 to 9999 there is only their first and last day.
create function segment_date_add(day date, months integer, days integer) returns date
    language sql immutable strict parallel safe
    return greatest(
        least((day + make_interval(months => months, days => days))::date, date '9999-12-31'),
        date '0001-01-01');

-- Along the calendar of a zone, then by elapsed time. Of a local time that occurs twice PostgreSQL takes the second, the
-- language the first: an hour before it is never repeated with it.
create function segment_instant_add(instant timestamptz, months integer, days integer, seconds bigint, zone text)
    returns timestamptz
    language sql stable strict parallel safe
    return greatest(
        least(
            case
                when months = 0 and days = 0 then instant + make_interval(secs => seconds)
                else least(
                    ((instant at time zone zone) + make_interval(months => months, days => days)) at time zone zone,
                    ((instant at time zone zone) + make_interval(months => months, days => days) - interval '1 hour')
                        at time zone zone + interval '1 hour')
            end,
            timestamptz '9999-12-31 23:59:59.999999+00'),
        timestamptz '0001-01-01 00:00:00+00');

-- DATEDIFF in whole months: a month is whole when its day and time of day are reached.
create function segment_months(earlier timestamp, later timestamp) returns integer
    language sql immutable strict parallel safe
    return (
        select months - case
            when months > 0 and later - date_trunc('month', later) < earlier - date_trunc('month', earlier) then 1
            when months < 0 and later - date_trunc('month', later) > earlier - date_trunc('month', earlier) then -1
            else 0
        end
        from (select ((extract(year from later) - extract(year from earlier)) * 12
                      + extract(month from later) - extract(month from earlier))::integer as months) as whole);

--rollback drop function segment_months(timestamp, timestamp);
--rollback drop function segment_instant_add(timestamptz, integer, integer, bigint, text);
--rollback drop function segment_date_add(date, integer, integer);
