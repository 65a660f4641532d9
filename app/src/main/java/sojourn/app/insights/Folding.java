package sojourn.app.insights;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.platform.Transactions;

/**
 * Folds what triggers have noted of changed rows into the sums of figures, by the hour and by the day. A figure is sum and
 * notes, so nobody waits for this.
 */
final class Folding {

    /** Held by whoever folds, so that two never add to the same sums in different orders. */
    private static final int LOCK = 0x50_f0_1d;

    private static final int PAGE = 20_000;

    private final Jdbi jdbi;

    Folding(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Folds some; whether there may be more. */
    boolean foldSome() {
        return Transactions.in(jdbi, handle -> isAlone(handle) && fold(handle) == PAGE);
    }

    private static boolean isAlone(Handle handle) {
        return handle.createQuery("select pg_try_advisory_xact_lock(:lock)")
                .bind("lock", LOCK)
                .mapTo(Boolean.class)
                .one();
    }

    private static int fold(Handle handle) {
        var folded = handle.createQuery("""
                        with gone as (
                            delete from figure_delta where ctid = any(array(select ctid from figure_delta limit :limit))
                            returning *),
                        hours as (<hours>),
                        days as (<days>)
                        select count(*) from gone
                        """)
                .define("hours", adding("figure_sum", "hour", "hour"))
                .define("days", adding("figure_day", "day", "date_trunc('day', hour, 'UTC')"))
                .bind("limit", PAGE)
                .mapTo(Integer.class)
                .one();
        // What was at a tile and is there no longer.
        for (var table : List.of("figure_sum", "figure_day")) {
            handle.execute("delete from " + table + " where n = 0 and coalesce(times, 0) = 0");
        }
        return folded;
    }

    private static String adding(String table, String column, String began) {
        return """
                insert into %1$s as kept (journey_id, source, version, %2$s, tile, type, status, outcome, branch, reason,
                                          goal, again, n, times)
                select journey_id, source, version, %3$s as began, tile, type, status, outcome, branch, reason, goal,
                       again, sum(n), sum(times)
                from gone
                group by journey_id, source, version, began, tile, type, status, outcome, branch, reason, goal, again
                having sum(n) <> 0 or sum(times) <> 0
                on conflict (journey_id, source, %2$s, tile, type, version, status, outcome, branch, reason, goal, again)
                do update set n = kept.n + excluded.n, times = kept.times + excluded.times
                """.formatted(table, column, began);
    }
}
