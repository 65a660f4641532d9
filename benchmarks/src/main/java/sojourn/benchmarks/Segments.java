package sojourn.benchmarks;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.segments.EngineProbe;
import sojourn.app.segments.language.Sql;

/** Segments as the benchmarks need them: compiled as the product compiles them, counted, and looked up. */
final class Segments {

    private Segments() {}

    /** A count and how long it took. */
    record Timed(long count, double millis) {}

    /** The ids of a query's contacts, at an instant. */
    static Sql ids(Jdbi jdbi, String query, Instant now) {
        return about(jdbi, query, now, "select c.id ");
    }

    static Sql count(Jdbi jdbi, String query, Instant now) {
        return about(jdbi, query, now, "select count(*) ");
    }

    private static Sql about(Jdbi jdbi, String query, Instant now, String what) {
        var condition = jdbi.withHandle(handle -> new EngineProbe(jdbi).condition(handle, query, now));
        return new Sql(what + "from contact c where c.state <> 'erased' and " + condition.text(), condition.values());
    }

    /** As the product runs it: planned with its values, with room to hash. */
    static Timed timed(Jdbi jdbi, Sql count) {
        return jdbi.inTransaction(handle -> {
            handle.execute("set local work_mem = '128MB'");
            handle.execute("set local plan_cache_mode = force_custom_plan");
            var query = handle.createQuery(count.text());
            for (var index = 0; index < count.values().size(); index++) {
                query.bind(index, count.values().get(index));
            }
            var began = System.nanoTime();
            var found = query.mapTo(Long.class).one();
            return new Timed(found, (System.nanoTime() - began) / 1e6);
        });
    }

    static int id(Handle handle, String key) {
        return handle.select("select id from segment where key = ?", key)
                .mapTo(Integer.class)
                .one();
    }

    static long contacts(Jdbi jdbi) {
        return jdbi.withHandle(handle ->
                handle.select("select count(*) from contact").mapTo(Long.class).one());
    }

    static List<Long> tookMillis(Jdbi jdbi, String key) {
        return jdbi.withHandle(handle -> handle.select(
                        "select took_ms from evaluation where segment_id = ? order by at", id(handle, key))
                .mapTo(Long.class)
                .list());
    }
}
