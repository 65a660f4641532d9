package sojourn.app.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An RFC 9457 problem as it goes over the wire. It may quote how a contact was named; and nothing was done. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ProblemBody(
        String type,
        String title,
        int status,
        @Nullable String detail,
        @Nullable String instance,
        String traceId,
        List<ProblemError> errors)
        implements PersonalAnswer {

    public static final MediaType MEDIA_TYPE = new MediaType("application", "problem+json");

    static ProblemBody of(
            ProblemType type, @Nullable String detail, @Nullable String instance, List<ProblemError> errors) {
        return new ProblemBody(
                type.uri(), type.title(), type.status(), detail, instance, TraceIds.current(), List.copyOf(errors));
    }

    static ProblemBody of(Problem problem) {
        return of(problem.type(), problem.getMessage(), null, problem.errors());
    }

    @Override
    public @Nullable UUID contactId() {
        return null;
    }

    ProblemBody withInstance(String instance) {
        return new ProblemBody(type, title, status, detail, instance, traceId, errors);
    }

    Response toResponse() {
        var response = Response.status(status).type(MEDIA_TYPE).entity(this);
        switch (status) {
            case 401 -> response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"sojourn\"");
            case 403 ->
                response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"sojourn\", error=\"insufficient_scope\"");
            case 503 -> response.header(HttpHeaders.RETRY_AFTER, 5);
            default -> {
                // no header says more than the body
            }
        }
        return response.build();
    }
}
