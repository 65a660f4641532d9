package sojourn.app.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The errors that never reach Jersey, such as a request line that cannot be read, as problems too. */
final class JettyErrors extends ErrorHandler {

    private static final Logger log = LoggerFactory.getLogger(JettyErrors.class);

    private final ObjectMapper json;

    JettyErrors(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int status,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, ProblemBody.MEDIA_TYPE.toString());
        var body = body(status);
        if (status >= 500) {
            log.error("request failed outside the API, trace {}", body.traceId(), cause);
        }
        response.write(true, bytes(body.withInstance(request.getHttpURI().getPath())), callback);
    }

    private static ProblemBody body(int status) {
        return switch (status) {
            case 414 ->
                new ProblemBody("about:blank", "URI Too Long", status, null, null, TraceIds.current(), List.of());
            case 431 ->
                new ProblemBody(
                        "about:blank",
                        "Request Header Fields Too Large",
                        status,
                        null,
                        null,
                        TraceIds.current(),
                        List.of());
            default -> ProblemBody.of(HttpErrorMapper.type(status), null, null, List.of());
        };
    }

    private ByteBuffer bytes(ProblemBody body) {
        try {
            return ByteBuffer.wrap(json.writeValueAsBytes(body));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
