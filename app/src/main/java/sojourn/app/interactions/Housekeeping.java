package sojourn.app.interactions;

import java.time.Duration;
import java.time.InstantSource;
import org.jdbi.v3.core.Jdbi;

/** Makes months ahead, and forgets ids that have been remembered long enough. */
final class Housekeeping {

    private static final Duration REMEMBERED = Duration.ofDays(35);
    private static final int FORGOTTEN_AT_ONCE = 10_000;

    private final Jdbi jdbi;
    private final Months months;
    private final InstantSource clock;

    Housekeeping(Jdbi jdbi, Months months, InstantSource clock) {
        this.jdbi = jdbi;
        this.months = months;
        this.clock = clock;
    }

    void makeMonths() {
        months.makeAhead();
    }

    /** One round; true when there is more to forget. */
    boolean run() {
        makeMonths();
        var forgotten = jdbi.<Integer, RuntimeException>withHandle(handle -> handle.createUpdate("""
                        delete from interaction_seen
                        where ctid = any(array(
                          select ctid from interaction_seen where received_at < :before limit :limit))
                        """)
                .bind("before", clock.instant().minus(REMEMBERED))
                .bind("limit", FORGOTTEN_AT_ONCE)
                .execute());
        return forgotten == FORGOTTEN_AT_ONCE;
    }
}
