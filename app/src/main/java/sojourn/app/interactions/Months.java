package sojourn.app.interactions;

import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.platform.Transactions;

/**
 * The monthly partitions of interactions. The months around now are made ahead; older ones when the first interaction of
 * them comes. What is older than twenty years stays in the default partition, so that nobody can make thousands of tables.
 */
final class Months {

    private static final Logger log = LoggerFactory.getLogger(Months.class);
    private static final int MADE_BEFORE = 14;
    private static final int MADE_AHEAD = 3;
    private static final int OLDEST = 240;
    /** Any number that no other use of advisory locks has. */
    private static final long LOCK = 7_305_001;

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Set<YearMonth> known = ConcurrentHashMap.newKeySet();

    Months(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /** Makes the months around now. */
    void makeAhead() {
        var months = new TreeSet<YearMonth>();
        var now = month(clock.instant());
        for (var offset = -MADE_BEFORE; offset <= MADE_AHEAD; offset++) {
            months.add(now.plusMonths(offset));
        }
        make(months);
    }

    /** Makes the months of interactions that are about to be stored; nearly always there is nothing to do. */
    void makeFor(Collection<Instant> instants) {
        var missing = new TreeSet<YearMonth>();
        var now = month(clock.instant());
        for (var instant : instants) {
            var month = month(instant);
            if (!known.contains(month)
                    && !month.isBefore(now.minusMonths(OLDEST))
                    && !month.isAfter(now.plusMonths(MADE_AHEAD))) {
                missing.add(month);
            }
        }
        make(missing);
    }

    private void make(Set<YearMonth> months) {
        for (var month : months) {
            if (!known.contains(month)) {
                Transactions.use(jdbi, handle -> make(handle, month));
                known.add(month);
            }
        }
    }

    private static void make(Handle handle, YearMonth month) {
        handle.execute("select pg_advisory_xact_lock(?)", LOCK);
        var name = "interaction_%04d_%02d".formatted(month.getYear(), month.getMonthValue());
        var exists = handle.createQuery("select to_regclass(:name) is not null")
                .bind("name", name)
                .mapTo(Boolean.class)
                .one();
        if (exists) {
            return;
        }
        var from = month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        var to = month.plusMonths(1).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        handle.execute("create table " + name + " (like interaction including defaults including constraints)"
                + " with (autovacuum_vacuum_insert_scale_factor = 0.01)");
        // What came before its month had a table moves there; the lock keeps more from coming meanwhile.
        handle.execute("lock table interaction_default in access exclusive mode");
        handle.createUpdate("""
                        with moved as (
                          delete from interaction_default where occurred_at >= :from and occurred_at < :to returning *)
                        insert into %s select * from moved
                        """.formatted(name))
                .bind("from", from)
                .bind("to", to)
                .execute();
        handle.execute("alter table interaction attach partition %s for values from ('%s') to ('%s')"
                .formatted(name, from, to));
        log.info("made the partition {}", name);
    }

    private static YearMonth month(Instant instant) {
        return YearMonth.from(instant.atOffset(ZoneOffset.UTC));
    }
}
