package sojourn.app.journeys;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Loop;
import sojourn.app.platform.OptionalBody;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.ReasonGiven;
import sojourn.app.security.Role;

/** Pausing journeys: nobody enters and nothing is sent until they are resumed. */
@Path("/v1/journeys")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class JourneyPauseResource {

    private final JourneyLifecycle lifecycle;
    private final Loop resuming;

    JourneyPauseResource(JourneyLifecycle lifecycle, Loop resuming) {
        this.lifecycle = lifecycle;
        this.resuming = resuming;
    }

    /** @param waits {@code run} when null */
    record PauseWanted(
            @Nullable PausedWaits waits,
            @Size(max = Deed.LONGEST_REASON) @Nullable String reason) {}

    @Operation(summary = "Pauses a journey: nobody enters and nothing is sent")
    @Answers(Journey.class)
    @POST
    @Path("/{journey}/pause")
    @RolesAllowed({Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response pause(
            @PathParam("journey") String key,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @OptionalBody @Valid @Nullable PauseWanted wanted,
            @Auth Caller caller) {
        var waits = wanted == null || wanted.waits() == null ? PausedWaits.run : wanted.waits();
        var deed = Deed.of(caller, wanted == null ? null : wanted.reason());
        return JourneysResource.answer(Response.ok(), lifecycle.pause(key, waits, ifMatch, deed));
    }

    /** Ends a pause: the journey is live as soon as its runs' deadlines are what they are to be. */
    @Operation(summary = "Resumes a paused journey; it is live as soon as its runs' deadlines are moved")
    @Answers(
            value = Journey.class,
            status = {200, 202})
    @POST
    @Path("/{journey}/resume")
    @RolesAllowed({Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response resume(
            @PathParam("journey") String key,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @OptionalBody @Valid @Nullable ReasonGiven given,
            @Auth Caller caller) {
        var journey = lifecycle.resume(key, ifMatch, Deed.of(caller, ReasonGiven.of(given)));
        resuming.kick();
        var done = journey.state() == JourneyState.live;
        return JourneysResource.answer(done ? Response.ok() : Response.accepted(), journey);
    }
}
