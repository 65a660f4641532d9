package sojourn.app.platform;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** PostgreSQL that cannot be reached is 503, text it cannot hold is 422, what lost a race is 409, the rest is our mistake. */
final class DatabaseErrorMapper implements ExceptionMapper<JdbiException> {

    private static final String FOREIGN_KEY_VIOLATION = "23503";
    private static final Logger log = LoggerFactory.getLogger(DatabaseErrorMapper.class);

    @Override
    public Response toResponse(JdbiException failure) {
        var state = sqlState(failure);
        if (failure instanceof ConnectionException || isOutage(state)) {
            log.warn("the database is not available: {}", failure.toString());
            return ProblemBody.of(ProblemType.UNAVAILABLE, "The database is not available", null, List.of())
                    .toResponse();
        }
        if (state.equals(FOREIGN_KEY_VIOLATION)) {
            return ProblemBody.of(
                            ProblemType.CONFLICT, "Something that this refers to was deleted just now", null, List.of())
                    .toResponse();
        }
        if (state.equals("22021") || state.equals("22P05")) {
            return ProblemBody.of(Problem.invalid("", "not-text", "The request has a character that cannot be stored"))
                    .toResponse();
        }
        return UnexpectedErrorMapper.unexpected(failure);
    }

    /** Connection lost (08...), and a server that goes down or comes up (57P01 to 57P03). */
    private static boolean isOutage(String state) {
        return state.startsWith("08") || state.startsWith("57P");
    }

    private static String sqlState(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }
}
