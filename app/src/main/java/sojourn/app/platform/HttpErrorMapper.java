package sojourn.app.platform;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.List;
import java.util.regex.Pattern;
import org.glassfish.jersey.server.ParamException;

/** Jersey's own refusals: unknown path, wrong method, media type, parameters that cannot be read. */
final class HttpErrorMapper implements ExceptionMapper<WebApplicationException> {

    /** How the framework says that a parameter is none of an enum's constants. */
    private static final Pattern NO_CHOICE = Pattern.compile("(?:query param )?(\\w+) must be one of \\[(.*)]");

    @Override
    public Response toResponse(WebApplicationException failure) {
        var answer = failure.getResponse();
        if (answer.getStatus() < 400 || answer.hasEntity()) {
            return answer;
        }
        if (failure instanceof ParamException parameter && !(failure instanceof ParamException.PathParamException)) {
            return unreadable(parameter);
        }
        var noChoice = NO_CHOICE.matcher(String.valueOf(failure.getMessage()));
        if (noChoice.matches()) {
            return noChoice(noChoice.group(1), noChoice.group(2));
        }
        if (failure.getCause() instanceof Problem problem) {
            return ProblemBody.of(problem).toResponse();
        }
        if (answer.getStatus() >= 500 && answer.getStatus() != 503) {
            return UnexpectedErrorMapper.unexpected(failure);
        }
        var type = type(answer.getStatus());
        var problem =
                ProblemBody.of(type, detail(type, answer), null, List.of()).toResponse();
        var allow = answer.getHeaderString(HttpHeaders.ALLOW);
        return allow == null
                ? problem
                : Response.fromResponse(problem)
                        .header(HttpHeaders.ALLOW, allow)
                        .build();
    }

    private static Response unreadable(ParamException parameter) {
        var name = parameter.getParameterName();
        return ProblemBody.of(Problem.invalid(
                        "/" + name,
                        "wrong-type",
                        "The value of `" + name
                                + "` cannot be read; its type is in the [API's description](/openapi.json)"))
                .toResponse();
    }

    private static Response noChoice(String name, String choices) {
        return ProblemBody.of(Problem.invalid("/" + name, "unknown-value", "`" + name + "` is one of " + choices))
                .toResponse();
    }

    static ProblemType type(int status) {
        for (var type : ProblemType.values()) {
            if (type.status() == status) {
                return type;
            }
        }
        return status < 500 ? ProblemType.MALFORMED_REQUEST : ProblemType.INTERNAL;
    }

    private static String detail(ProblemType type, Response answer) {
        return switch (type) {
            case NOT_FOUND -> "Nothing is at this path";
            case METHOD_NOT_ALLOWED -> "Allowed here: " + answer.getHeaderString(HttpHeaders.ALLOW);
            case NOT_ACCEPTABLE ->
                "Nothing here can be answered in that form: exports are text/csv or application/x-ndjson, most else is"
                        + " application/json";
            case UNSUPPORTED_MEDIA_TYPE -> "Nothing here reads that Content-Type";
            default -> type.title();
        };
    }
}
