package sojourn.app.journeys;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.platform.Transactions;

/** Begins journeys whose start has come and ends those whose end has; looked after each second. */
final class JourneySchedule {

    private final Jdbi jdbi;
    private final InstantSource clock;

    JourneySchedule(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /** Says whether any has begun or is to end. */
    boolean look() {
        return Transactions.in(jdbi, handle -> {
            var journeys = handle.attach(JourneyDao.class);
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            return journeys.begin(now) + journeys.complete(now) > 0;
        });
    }
}
