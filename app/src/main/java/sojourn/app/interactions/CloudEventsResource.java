package sojourn.app.interactions;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sojourn.app.interactions.InteractionsResource.Answer;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.security.Role;

/** Takes interactions as CloudEvents 1.0 over HTTP: one, a batch, or one with its attributes in headers. */
@Path("/v1/interactions/cloudevents")
@Produces(MediaType.APPLICATION_JSON)
public final class CloudEventsResource {

    private static final int LARGEST_BATCH = 1000;
    private static final String PREFIX = "ce-";

    private final Ingestion ingestion;

    CloudEventsResource(Ingestion ingestion) {
        this.ingestion = ingestion;
    }

    @Operation(summary = "Takes CloudEvents 1.0 as interactions: one, up to 1,000, or one in headers")
    @POST
    @Consumes("application/cloudevents+json")
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public Answer structured(InputStream body) {
        return one(JsonTree.read(body));
    }

    @Operation(summary = "Takes CloudEvents 1.0 as interactions: one, up to 1,000, or one in headers")
    @POST
    @Consumes("application/cloudevents-batch+json")
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public Answer batch(InputStream body) {
        if (!(JsonTree.read(body) instanceof List<?> events)) {
            throw Problem.invalid("", "wrong-type", "a batch is an array of events");
        }
        if (events.size() > LARGEST_BATCH) {
            throw new Problem(ProblemType.TOO_LARGE, "A batch may have at most " + LARGEST_BATCH + " events");
        }
        var sent = new ArrayList<Sent>(events.size());
        for (var event : events) {
            sent.add(CloudEvent.sent(event, sent.size()));
        }
        var outcome = ingestion.store(sent);
        return new Answer(outcome.accepted(), outcome.duplicates(), outcome.rejected(), null);
    }

    /** The binary mode: the body is the data, headers that begin with {@code ce-} are the attributes. */
    @Operation(summary = "Takes CloudEvents 1.0 as interactions: one, up to 1,000, or one in headers")
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public Answer binary(@Context HttpHeaders headers, InputStream body) {
        var event = new LinkedHashMap<String, @Nullable Object>();
        headers.getRequestHeaders().forEach((name, values) -> {
            var lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(PREFIX)) {
                event.put(lower.substring(PREFIX.length()), decoded(values.getFirst()));
            }
        });
        if (!event.containsKey("specversion")) {
            throw Problem.invalid(
                    "/specversion",
                    "required",
                    "an event as JSON comes as application/cloudevents+json, several as"
                            + " application/cloudevents-batch+json; its data alone needs the header ce-specversion");
        }
        event.put("data", JsonTree.read(body));
        return one(event);
    }

    private Answer one(@Nullable Object event) {
        var outcome = ingestion.store(List.of(CloudEvent.sent(event, 0)));
        if (!outcome.rejected().isEmpty()) {
            throw Problem.invalid(outcome.rejected().getFirst().errors());
        }
        return new Answer(outcome.accepted(), outcome.duplicates(), List.of(), null);
    }

    /** Values of headers are percent-encoded; a plus is a plus. */
    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return value;
        }
    }
}
