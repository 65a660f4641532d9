package sojourn.app.segments;

import java.time.Instant;
import java.time.InstantSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** The latest moment as of which the members of a segment are known: whatever is written later is later, too. */
final class SettledMoment {

    private static final String NOT_IN_TIME = "55P03";

    private SettledMoment() {}

    /** Now, once nobody is writing; where that takes long, when whoever is writing had not begun. */
    static Instant of(Jdbi jdbi, InstantSource clock, int segment) {
        try {
            return jdbi.inTransaction(handle -> {
                handle.execute("set local lock_timeout = '2s'");
                Locks.exclusive(handle, segment);
                return clock.instant();
            });
        } catch (JdbiException failure) {
            if (!NOT_IN_TIME.equals(Statement.sqlState(failure))) {
                throw failure;
            }
            return jdbi.withHandle(handle -> Locks.heldSince(handle, segment))
                    .orElseGet(() -> of(jdbi, clock, segment));
        }
    }
}
