--liquibase formatted sql

--changeset sojourn:insights-002 splitStatements:false
-- Nobody folds meanwhile.
lock table figure_sum in share row exclusive mode;

-- The same sums by the day (UTC), so that figures of years are still added up from few rows. Hours serve the ends of a range.
create table figure_day (like figure_sum including all);
alter table figure_day rename column hour to day;

insert into figure_day (journey_id, source, version, day, tile, type, status, outcome, branch, reason, goal, again, n, times)
select journey_id, source, version, date_trunc('day', hour, 'UTC'), tile, type, status, outcome, branch, reason, goal, again,
       sum(n), sum(times)
from figure_sum
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12;

--rollback drop table figure_day;
