--liquibase formatted sql

--changeset sojourn:segments-004 splitStatements:false
-- DATEADD of the segment language. Beyond the years 1 to 9999 there is only their first and last day.
create function segment_date_add(day date, months integer, days integer) returns date
    language sql immutable strict parallel safe
    return greatest(
        least((day + make_interval(months => months, days => days))::date, date '9999-12-31'),
        date '0001-01-01');

-- A local time as an instant. Of one that a clock change repeats PostgreSQL takes the second, the language the first: the
-- earliest instant, by as much as clocks are ever set back, at which the zone shows that local time.
create function segment_local(local timestamp, zone text) returns timestamptz
    language sql stable strict parallel safe
    return case
        when (local at time zone zone - interval '24 hours') at time zone zone = local
        then local at time zone zone - interval '24 hours'
        when (local at time zone zone - interval '2 hours') at time zone zone = local
        then local at time zone zone - interval '2 hours'
        when (local at time zone zone - interval '1 hour') at time zone zone = local
        then local at time zone zone - interval '1 hour'
        when (local at time zone zone - interval '30 minutes') at time zone zone = local
        then local at time zone zone - interval '30 minutes'
        else local at time zone zone
    end;

-- Along the calendar of a zone, or by elapsed time.
create function segment_instant_add(instant timestamptz, months integer, days integer, seconds bigint, zone text)
    returns timestamptz
    language sql stable strict parallel safe
    return greatest(
        least(
            case
                when months = 0 and days = 0 then instant + make_interval(secs => seconds)
                else segment_local((instant at time zone zone) + make_interval(months => months, days => days), zone)
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
--rollback drop function segment_local(timestamp, text);
--rollback drop function segment_date_add(date, integer, integer);
