package sojourn.app.platform;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.List;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What nobody foresaw: the client learns a trace id, the log the rest. */
final class UnexpectedErrorMapper implements ExceptionMapper<Throwable> {

    private static final Logger log = LoggerFactory.getLogger(UnexpectedErrorMapper.class);

    @Override
    public Response toResponse(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem problem) {
                return ProblemBody.of(problem).toResponse();
            }
            if (cause instanceof EofException) {
                return ProblemBody.of(ProblemType.MALFORMED_REQUEST, "The request ended early", null, List.of())
                        .toResponse();
            }
        }
        return unexpected(failure);
    }

    static Response unexpected(Throwable failure) {
        var body = ProblemBody.of(ProblemType.INTERNAL, null, null, List.of());
        log.error("request failed, trace {}", body.traceId(), failure);
        return body.toResponse();
    }
}
