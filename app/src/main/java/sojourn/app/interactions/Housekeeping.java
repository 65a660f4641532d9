package sojourn.app.interactions;

import java.time.Duration;
import java.time.InstantSource;
import org.jdbi.v3.core.Jdbi;

/** Makes months ahead, forgets ids that have been remembered long enough, and interactions that nobody did. */
final class Housekeeping {

    private static final Duration REMEMBERED = Duration.ofDays(35);
    private static final int AT_ONCE = 10_000;

    private final Jdbi jdbi;
    private final Months months;
    private final InstantSource clock;
    private final Duration keepAnonymous;

    /** @param keepAnonymous how long interactions of anonymous ids are kept that turn out to be nobody */
    Housekeeping(Jdbi jdbi, Months months, InstantSource clock, Duration keepAnonymous) {
        this.jdbi = jdbi;
        this.months = months;
        this.clock = clock;
        this.keepAnonymous = keepAnonymous;
    }

    void makeMonths() {
        months.makeAhead();
    }

    /** One round; true when there is more to forget. */
    boolean run() {
        makeMonths();
        var dropped = delete(keepAnonymous, """
                delete from anonymous_interaction
                where ctid = any(array(
                  select ctid from anonymous_interaction where received_at < :before limit :limit for update skip locked))
                """);
        // An id is remembered as long as its interaction is kept for nobody, since no index of facts knows it.
        var forgotten = delete(REMEMBERED, """
                delete from interaction_seen
                where ctid = any(array(
                  select ctid from interaction_seen seen
                  where received_at < :before
                    and not exists (select from anonymous_interaction kept where kept.id = seen.id)
                  limit :limit))
                """);
        return dropped || forgotten;
    }

    /** True when there is more that is so old. */
    private boolean delete(Duration age, String some) {
        var deleted = jdbi.<Integer, RuntimeException>withHandle(handle -> handle.createUpdate(some)
                .bind("before", clock.instant().minus(age))
                .bind("limit", AT_ONCE)
                .execute());
        return deleted == AT_ONCE;
    }
}
