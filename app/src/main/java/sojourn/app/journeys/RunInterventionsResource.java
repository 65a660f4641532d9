package sojourn.app.journeys;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.Erasure;
import sojourn.app.journeys.Interventions.Action;
import sojourn.app.journeys.Interventions.Wish;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Loop;
import sojourn.app.platform.OptionalBody;
import sojourn.app.platform.Transactions;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.ReasonGiven;
import sojourn.app.security.Role;

/** Helping runs on by hand: over a wait, to another tile, past a failure, out of the journey. */
@Path("/v1/runs")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class RunInterventionsResource {

    private final Jdbi jdbi;
    private final Interventions interventions;
    private final RunReading runs;
    private final List<Loop> next;
    private final Changes changes;

    /** @param next who goes on with what was done */
    RunInterventionsResource(
            Jdbi jdbi, Interventions interventions, RunReading runs, List<Loop> next, Changes changes) {
        this.jdbi = jdbi;
        this.interventions = interventions;
        this.runs = runs;
        this.next = List.copyOf(next);
        this.changes = changes;
    }

    record MoveWanted(
            @NotBlank String tile,
            @Size(max = Deed.LONGEST_REASON) @Nullable String reason) {}

    /** Takes the run to a tile of its version; what it was at ends as {@code moved}. */
    @Operation(summary = "Takes a run to another tile of its version")
    @Answers(Run.class)
    @POST
    @Path("/{run}/move")
    @RolesAllowed({Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response move(@PathParam("run") UUID run, @Valid @NotNull MoveWanted wanted, @Auth Caller caller) {
        apply(run, new Wish(Action.move, wanted.tile(), Deed.of(caller, wanted.reason()), null));
        return RunsResource.answer(Response.ok(), runs.get(run));
    }

    /** Ends a wait as if its time were up. */
    @Operation(summary = "Ends a run's wait as if its time were up")
    @Answers(Run.class)
    @POST
    @Path("/{run}/skip-wait")
    @RolesAllowed({Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response skipWait(
            @PathParam("run") UUID run, @OptionalBody @Valid @Nullable ReasonGiven given, @Auth Caller caller) {
        apply(run, new Wish(Action.skipWait, null, Deed.of(caller, ReasonGiven.of(given)), null));
        return RunsResource.answer(Response.ok(), runs.get(run));
    }

    /** Opens a failed run again, at the tile that failed. */
    @Operation(summary = "Opens a failed run again at the tile that failed")
    @Answers(Run.class)
    @POST
    @Path("/{run}/retry")
    @RolesAllowed({Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response retry(
            @PathParam("run") UUID run, @OptionalBody @Valid @Nullable ReasonGiven given, @Auth Caller caller) {
        apply(run, new Wish(Action.retry, null, Deed.of(caller, ReasonGiven.of(given)), null));
        return RunsResource.answer(Response.ok(), runs.get(run));
    }

    /** Takes the contact out of the journey, with the reason {@code removed}; a run that has ended stays as it is. */
    @Operation(summary = "Takes a contact out of the journey")
    @Answers(
            value = Run.class,
            status = {200, 202})
    @POST
    @Path("/{run}/stop")
    @RolesAllowed({Role.OPERATOR, Role.MARKETER, Role.ADMIN})
    public Response stop(
            @PathParam("run") UUID run, @OptionalBody @Valid @Nullable ReasonGiven given, @Auth Caller caller) {
        var asked = apply(run, new Wish(Action.stop, null, Deed.of(caller, ReasonGiven.of(given)), null));
        return RunsResource.answer(
                Response.status(asked ? Response.Status.ACCEPTED : Response.Status.OK), runs.get(run));
    }

    private boolean apply(UUID run, Wish wish) {
        var done = Transactions.in(jdbi, handle -> {
            Erasure.holdOff(handle);
            return interventions.apply(handle, run, wish, null);
        });
        next.forEach(Loop::kick);
        changes.kick();
        return done;
    }
}
