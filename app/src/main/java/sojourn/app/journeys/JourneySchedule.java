package sojourn.app.journeys;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.platform.Transactions;

/** Begins journeys and iterations whose time has come and ends journeys whose end has; looked after each second. */
final class JourneySchedule {

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final JourneyLifecycle lifecycle;
    private final JourneyIterations iterations;

    JourneySchedule(Jdbi jdbi, InstantSource clock, JourneyLifecycle lifecycle, JourneyIterations iterations) {
        this.jdbi = jdbi;
        this.lifecycle = lifecycle;
        this.iterations = iterations;
        this.clock = clock;
    }

    /** Says whether any has begun or is to end. */
    boolean look() {
        return Transactions.in(jdbi, handle -> {
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            return begin(handle, now) + handle.attach(JourneyDao.class).complete(now) + iterations.beginDue(handle, now)
                    > 0;
        });
    }

    private int begin(Handle handle, Instant now) {
        var due = handle.createQuery("""
                        select key from journey where state = 'goingLive' and starts_at <= :now order by id for update
                        """).bind("now", now).mapTo(String.class).list();
        due.forEach(key -> lifecycle.begin(handle, key, now));
        return due.size();
    }
}
