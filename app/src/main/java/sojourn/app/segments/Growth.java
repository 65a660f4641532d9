package sojourn.app.segments;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * How a segment grew, counted from its members' stays. Someone who comes and goes within a period has both joined and
 * left in it; an erased contact still counts.
 *
 * @param size at the end of the last period
 * @param per {@code hour}, {@code day} or {@code week}, whole ones
 * @param sizeBefore at the beginning of the first period
 * @param goLives when the segment, or an edit of it, went live in that time
 */
record Growth(
        long size,
        ZoneId timeZone,
        String per,
        Instant from,
        Instant to,
        long sizeBefore,
        List<Point> points,
        List<GoLive> goLives) {

    /**
     * One period.
     *
     * @param at when it began
     * @param size at its end: that of the period before, and {@code joined - left}
     */
    record Point(Instant at, long size, long joined, long left) {}

    /**
     * A definition came into force.
     *
     * @param kind {@code first} when the segment went live, {@code definition} when an edit was saved
     */
    record GoLive(Instant at, String kind) {}

    private record Moved(long joined, long left) {}

    /** {@code bounds} are where the periods begin, and where the last one ends. */
    static Growth read(Handle handle, Segment segment, Period per, List<Instant> bounds) {
        var moved = moved(handle, segment.id(), bounds);
        var before = moved.getOrDefault(0, new Moved(0, 0));
        var sizeBefore = before.joined() - before.left();
        var size = sizeBefore;
        var points = new ArrayList<Point>();
        for (var index = 1; index < bounds.size(); index++) {
            var here = moved.getOrDefault(index, new Moved(0, 0));
            size += here.joined() - here.left();
            points.add(new Point(bounds.get(index - 1), size, here.joined(), here.left()));
        }
        return new Growth(
                size,
                segment.timeZone(),
                per.word(),
                bounds.getFirst(),
                bounds.getLast(),
                sizeBefore,
                points,
                goLives(handle, segment, bounds.getFirst(), bounds.getLast()));
    }

    /** By the number of the period, from 1; 0 stands for all the time before. The bounds are read once, not for each stay. */
    private static Map<Integer, Moved> moved(Handle handle, int segment, List<Instant> bounds) {
        var moved = new HashMap<Integer, Moved>();
        handle.createQuery("""
                        with bounds as materialized (select :bounds::timestamptz[] as at),
                        stay as (
                            select joined_at, null::timestamptz as left_at from membership where segment_id = :segment
                            union all
                            select joined_at, left_at from past_membership where segment_id = :segment)
                        select period, sum(joined), sum(gone)
                        from (select width_bucket(joined_at, (select at from bounds)) as period, 1 as joined, 0 as gone from stay
                              union all
                              select width_bucket(left_at, (select at from bounds)), 0, 1 from stay where left_at is not null)
                        group by period
                        """)
                .bind("segment", segment)
                .bind("bounds", bounds.stream().map(Instant::toString).toArray(String[]::new))
                .map((row, _) -> Map.entry(row.getInt(1), new Moved(row.getLong(2), row.getLong(3))))
                .forEach(entry -> moved.put(entry.getKey(), entry.getValue()));
        return moved;
    }

    private static List<GoLive> goLives(Handle handle, Segment segment, Instant from, Instant to) {
        return handle.createQuery("""
                        select at, kind from (
                            select at, kind from evaluation where segment_id = :segment and kind in ('first', 'definition')
                            union
                            select first_live_at, 'first' from segment where id = :segment and first_live_at is not null)
                        where at >= :from::timestamptz and at < :to::timestamptz
                        order by at
                        """)
                .bind("segment", segment.id())
                .bind("from", from)
                .bind("to", to)
                .map((row, _) ->
                        new GoLive(row.getObject(1, OffsetDateTime.class).toInstant(), row.getString(2)))
                .list();
    }
}
