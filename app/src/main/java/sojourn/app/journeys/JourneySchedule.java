package sojourn.app.journeys;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.platform.Transactions;

/** Begins journeys and iterations whose time has come and ends journeys whose end has; looked after each second. */
final class JourneySchedule {

    private static final Logger log = LoggerFactory.getLogger(JourneySchedule.class);

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
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var begun = due(now).stream().filter(key -> begin(key, now)).count();
        return Transactions.in(
                        jdbi,
                        handle -> handle.attach(JourneyDao.class).complete(now) + iterations.beginDue(handle, now) > 0)
                || begun > 0;
    }

    private List<String> due(Instant now) {
        return jdbi.withHandle(handle ->
                handle.createQuery("""
                        select key from journey where state = 'goingLive' and starts_at <= :now order by id
                        """).bind("now", now).mapTo(String.class).list());
    }

    /** One that cannot be looked at holds up no other. */
    private boolean begin(String key, Instant now) {
        try {
            return Transactions.in(jdbi, handle -> lifecycle.begin(handle, key, now));
        } catch (RuntimeException failure) {
            log.warn("the journey {} is to begin, and will be looked at again", key, failure);
            return false;
        }
    }
}
