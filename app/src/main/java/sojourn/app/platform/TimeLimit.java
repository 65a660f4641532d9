package sojourn.app.platform;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** Gives up what looks through more than anybody should wait for, and says so. */
public final class TimeLimit {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String CANCELLED = "57014";

    private TimeLimit() {}

    /** Reads in a transaction of which no statement takes longer than 10 seconds. */
    public static <T> T read(Jdbi jdbi, HandleCallback<T, RuntimeException> reading) {
        return jdbi.inTransaction(
                handle -> within(handle, "ask for less, or more exactly", () -> reading.withHandle(handle)));
    }

    /** Runs statements of the caller's transaction, none longer than 10 seconds; {@code advice} is for whoever waited. */
    public static <T> T within(Handle handle, String advice, Supplier<T> statements) {
        handle.execute("set local statement_timeout = " + LIMIT.toMillis());
        try {
            var result = statements.get();
            handle.execute("set local statement_timeout to default");
            return result;
        } catch (JdbiException failure) {
            if (passed(failure)) {
                throw new Problem(
                        ProblemType.UNAVAILABLE,
                        "This took longer than " + LIMIT.toSeconds() + " seconds and was given up: " + advice);
            }
            throw failure;
        }
    }

    /** Whether a statement failed since its time was over. */
    public static boolean passed(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return CANCELLED.equals(sql.getSQLState());
            }
        }
        return false;
    }
}
