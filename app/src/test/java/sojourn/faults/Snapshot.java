package sojourn.faults;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What the database says of segments in one moment. */
record Snapshot(
        Map<String, State> segments,
        Map<String, Set<Integer>> members,
        Set<Integer> awaited,
        boolean atRest,
        Instant clock,
        Instant until) {

    /** A segment as it is stored. */
    record State(
            String state,
            @Nullable String query,
            boolean saving,
            @Nullable String edit,
            int version) {

        boolean isLive() {
            return state.equals("live");
        }
    }

    /** In a transaction that sees one moment. */
    static Snapshot read(Handle handle) {
        var segments = handle.select("""
                        select key, state, query, draft ->> 'query' as edit, coalesce((draft ->> 'saving')::boolean, false) as saving, version
                        from segment
                        """)
                .map((row, _) -> Map.entry(
                        row.getString("key"),
                        new State(
                                row.getString("state"),
                                row.getString("query"),
                                row.getBoolean("saving"),
                                row.getString("edit"),
                                row.getInt("version"))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        var members = new HashMap<String, Set<Integer>>();
        segments.keySet().forEach(key -> members.put(key, new HashSet<>()));
        handle.select("""
                        select s.key, c.external_id::integer
                        from membership m join segment s on s.id = m.segment_id join contact c on c.id = m.contact_id
                        """)
                .map((row, _) -> Map.entry(row.getString(1), row.getInt(2)))
                .forEach(row -> members.getOrDefault(row.getKey(), Set.of()).add(row.getValue()));
        var awaited = handle.select("""
                        select distinct c.external_id::integer
                        from change q cross join unnest(q.contact_ids) as waiting join contact c on c.id = waiting
                        where q.consumer = 'segments'
                        """).mapTo(Integer.class).set();
        return new Snapshot(segments, members, awaited, atRest(handle), clock(handle), now(handle));
    }

    /** Whether all that was sent has been taken up; what the clock moves goes on and on, and each is taken up within seconds. */
    private static boolean atRest(Handle handle) {
        return handle.select("""
                        select not exists (select from change where segment_id is null
                                                                 or at < clock_timestamp() - interval '4 seconds')
                           and not exists (select from record_change)
                           and not exists (select from membership_change where at < clock_timestamp() - interval '4 seconds')
                           and not exists (select from job where state in ('queued', 'running'))
                           and (select min(k.at) from segment_clock k join segment s on s.id = k.segment_id
                                where s.state = 'live') > clock_timestamp() - interval '4 seconds'
                        """).mapTo(Boolean.class).one();
    }

    /** Up to when every contact that time has moved has been told of. */
    private static Instant clock(Handle handle) {
        return instant(handle, """
                select min(k.at) from segment_clock k join segment s on s.id = k.segment_id where s.state = 'live'
                """);
    }

    private static Instant now(Handle handle) {
        return instant(handle, "select clock_timestamp()");
    }

    private static Instant instant(Handle handle, String sql) {
        return handle.select(sql)
                .map((row, _) -> row.getObject(1, OffsetDateTime.class).toInstant())
                .one();
    }
}
