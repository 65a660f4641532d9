package sojourn.app.journeys;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.platform.Transactions;

/** Begins journeys and iterations whose time has come and ends journeys whose end has; looked after each second. */
final class JourneySchedule {

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final JourneyIterations iterations;

    JourneySchedule(Jdbi jdbi, InstantSource clock, JourneyIterations iterations) {
        this.jdbi = jdbi;
        this.iterations = iterations;
        this.clock = clock;
    }

    /** Says whether any has begun or is to end. */
    boolean look() {
        return Transactions.in(jdbi, handle -> {
            var journeys = handle.attach(JourneyDao.class);
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            return journeys.begin(now) + journeys.complete(now) + iterations.beginDue(handle, now) > 0;
        });
    }
}
