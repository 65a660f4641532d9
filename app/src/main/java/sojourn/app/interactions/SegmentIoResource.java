package sojourn.app.interactions;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import sojourn.app.interactions.SegmentIoIntake.CallsAnswer;
import sojourn.app.platform.KeyAsUserName;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.security.Role;

/** Takes what the libraries of Segment (the product) send, as its HTTP tracking API does. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class SegmentIoResource {

    /** As many as Segment takes. */
    private static final int LARGEST_BATCH = 2500;

    private final SegmentIoIntake intake;
    private final Supplier<UUID> ids;

    SegmentIoResource(SegmentIoIntake intake, Supplier<UUID> ids) {
        this.intake = intake;
        this.ids = ids;
    }

    @Operation(summary = "Takes an interaction as Segment's libraries send it")
    @POST
    @Path("/track")
    @KeyAsUserName
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public CallsAnswer track(InputStream body) {
        return one(SegmentIoCall.read(SegmentIoCall.TRACK, JsonTree.read(body), 0, ids));
    }

    @Operation(summary = "Creates or changes a contact as Segment's libraries send it, and links its anonymous id")
    @POST
    @Path("/identify")
    @KeyAsUserName
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public CallsAnswer identify(InputStream body) {
        return one(SegmentIoCall.read(SegmentIoCall.IDENTIFY, JsonTree.read(body), 0, ids));
    }

    @Operation(summary = "Takes up to 2,500 calls of Segment's libraries in their order")
    @POST
    @Path("/batch")
    @KeyAsUserName
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public CallsAnswer batch(InputStream body) {
        if (!(JsonTree.read(body) instanceof Map<?, ?> fields) || !(fields.get("batch") instanceof List<?> batch)) {
            throw Problem.invalid("/batch", "required", "an object with batch, a list of calls, would fit");
        }
        if (batch.size() > LARGEST_BATCH) {
            throw new Problem(ProblemType.TOO_LARGE, "A batch may have at most " + LARGEST_BATCH + " calls");
        }
        var calls = new ArrayList<SegmentIoCall>(batch.size());
        for (var call : batch) {
            calls.add(SegmentIoCall.read(call, calls.size(), ids));
        }
        return intake.take(calls);
    }

    private CallsAnswer one(SegmentIoCall call) {
        var answer = intake.take(List.of(call));
        if (!answer.success()) {
            throw Problem.invalid(answer.rejected().getFirst().errors());
        }
        return answer;
    }
}
