package sojourn.app.platform;

import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transactions that are run again when PostgreSQL gave them up for another's sake: 40P01 (deadlock) and 40001
 * (serialization failure). The body must do nothing but database work, since it may run several times.
 */
public final class Transactions {

    private static final Logger log = LoggerFactory.getLogger(Transactions.class);
    private static final int ATTEMPTS = 10;

    private Transactions() {}

    public static <T> T in(Jdbi jdbi, HandleCallback<T, RuntimeException> body) {
        for (var attempt = 1; ; attempt++) {
            try {
                return jdbi.inTransaction(body);
            } catch (JdbiException failure) {
                if (attempt == ATTEMPTS || !givenUp(failure)) {
                    throw failure;
                }
                log.debug("transaction given up by the database, attempt {}", attempt);
            }
        }
    }

    public static void use(Jdbi jdbi, Body body) {
        in(jdbi, handle -> {
            body.run(handle);
            return true;
        });
    }

    /** Database work without a result. */
    @FunctionalInterface
    public interface Body {
        void run(Handle handle);
    }

    private static boolean givenUp(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return "40P01".equals(sql.getSQLState()) || "40001".equals(sql.getSQLState());
            }
        }
        return false;
    }
}
