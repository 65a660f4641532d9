package sojourn.app.journeys;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.OptionalBody;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.platform.Versions;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.ReasonGiven;
import sojourn.app.security.Role;
import sojourn.workflows.journeys.JourneyDocument;

/** Journeys: documents, checks, life cycle, entry by hand. */
@Path("/v1/journeys")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class JourneysResource {

    private final Jdbi jdbi;
    private final JourneyLifecycle lifecycle;
    private final EntryByHand entry;
    private final RunReading runs;
    private final JourneyStopJob stop;
    private final AudienceCheck audience;

    JourneysResource(Jdbi jdbi, JourneyLifecycle lifecycle, EntryByHand entry, RunReading runs, JourneyStopJob stop) {
        this.audience = new AudienceCheck(jdbi, lifecycle.systemSegments());
        this.jdbi = jdbi;
        this.lifecycle = lifecycle;
        this.entry = entry;
        this.runs = runs;
        this.stop = stop;
    }

    /** @param reason why, for those who come after */
    record ChangedJourney(
            @Nullable String key,
            @NotNull JourneyDocument document,
            @Size(max = Deed.LONGEST_REASON) @Nullable String reason) {}

    /** See {@link InFlight}. */
    record GoLiveWanted(
            InFlight.@Nullable Choice inFlight,
            @Nullable Map<String, String> mapping,
            @Size(max = Deed.LONGEST_REASON) @Nullable String reason) {}

    record EntryWanted(@NotBlank String contact) {}

    record Checked(List<DocumentProblem> problems) {}

    @Operation(summary = "Creates a journey as a draft")
    @Answers(value = Journey.class, status = 201)
    @POST
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response create(@Valid @NotNull NewJourney wanted, @Auth Caller caller) {
        var journey = lifecycle.create(wanted, Deed.of(caller, null));
        return answer(Response.created(URI.create("/v1/journeys/" + journey.key())), journey);
    }

    @Operation(summary = "Lists journeys by key")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<Journey> list(
            @QueryParam("state") @Nullable JourneyState state,
            @QueryParam("q") @Nullable String search,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var size = Page.limit(limit);
        var after = Cursor.parse(cursor, 1);
        var rows = jdbi.withExtension(
                JourneyDao.class,
                dao -> dao.page(
                        after == null ? "" : after.get(0), state == null ? null : state.name(), search, size + 1));
        return Page.of(rows, size, journey -> Cursor.of(journey.key()));
    }

    @Operation(summary = "Reads a journey")
    @Answers(Journey.class)
    @GET
    @Path("/{journey}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response get(@PathParam("journey") String key) {
        return answer(Response.ok(), find(key));
    }

    /** Replaces the draft; of a live journey, the edit beside its live version. */
    @Operation(summary = "Replaces a journey's draft; of a live journey, the edit beside it")
    @Answers(Journey.class)
    @PUT
    @Path("/{journey}")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response change(
            @PathParam("journey") String key,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Valid @NotNull ChangedJourney wanted,
            @Auth Caller caller) {
        if (wanted.key() != null && !wanted.key().equals(find(key).key())) {
            throw Problem.invalid(
                    "/key", "fixed-key", "A journey's key cannot be changed; leave it out or send " + key);
        }
        var deed = Deed.of(caller, wanted.reason());
        return answer(Response.ok(), lifecycle.change(key, wanted.document(), ifMatch, deed));
    }

    /** Deletes a journey that was never live. */
    @Operation(summary = "Deletes a journey that was never live")
    @DELETE
    @Path("/{journey}")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public void delete(
            @PathParam("journey") String key,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Auth Caller caller) {
        lifecycle.delete(key, ifMatch, Deed.of(caller, null));
    }

    /** Every problem of the draft (or, without one, of the live version) at once. */
    @Operation(summary = "Finds every problem of a journey's draft, or else of its live version")
    @POST
    @Path("/{journey}/check")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Checked check(@PathParam("journey") String key) {
        var journey = find(key);
        var problems = new ArrayList<>(jdbi.withHandle(handle -> lifecycle.check(handle, journey)));
        problems.addAll(audience.check(journey));
        return new Checked(problems);
    }

    record Impacted(List<Impact.Standing> runs) {}

    /** Where contacts stand, and what the pending edit would do to each of them. */
    @Operation(summary = "Shows where contacts stand, and what the pending edit would do to them")
    @GET
    @Path("/{journey}/impact")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Impacted impact(@PathParam("journey") String key) {
        var journey = find(key);
        return new Impacted(jdbi.withHandle(handle -> Impact.of(handle, journey.number(), journey.next())));
    }

    @Operation(summary = "Makes a journey live, or publishes its draft as a new version")
    @Answers(
            value = Journey.class,
            status = {200, 202})
    @POST
    @Path("/{journey}/go-live")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response goLive(
            @PathParam("journey") String key,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @OptionalBody @Valid @Nullable GoLiveWanted wanted,
            @Auth Caller caller) {
        var before = find(key);
        var inFlight = wanted == null ? InFlight.KEPT : new InFlight(wanted.inFlight(), wanted.mapping());
        var deed = Deed.of(caller, wanted == null ? null : wanted.reason());
        var journey = lifecycle.goLive(key, inFlight, ifMatch, deed);
        var done = before.revision() == journey.revision();
        return answer(done ? Response.ok() : Response.accepted(), journey);
    }

    /** Lets nobody in any more and ends all runs; the job in {@code Location} shows how far it is. */
    @Operation(summary = "Lets nobody into a journey any more and ends all its runs")
    @Answers(
            value = Journey.class,
            status = {200, 202})
    @POST
    @Path("/{journey}/stop")
    @RolesAllowed({Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response stop(
            @PathParam("journey") String key,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @OptionalBody @Valid @Nullable ReasonGiven given,
            @Auth Caller caller) {
        var journey = lifecycle.beginStop(key, ifMatch, Deed.of(caller, ReasonGiven.of(given)));
        if (journey.state() == JourneyState.stopped) {
            return answer(Response.ok(), journey);
        }
        return answer(Response.accepted().location(stop.submit(journey, caller.name())), journey);
    }

    /** Enters one contact by hand: exclusion applies, the audience does not. */
    @Operation(summary = "Enters one contact into a journey by hand")
    @Answers(value = Run.class, status = 201)
    @POST
    @Path("/{journey}/enter")
    @RolesAllowed({Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response enter(@PathParam("journey") String key, @Valid @NotNull EntryWanted wanted, @Auth Caller caller) {
        var run = entry.enter(find(key), wanted.contact(), Deed.of(caller, null));
        return RunsResource.answer(Response.created(URI.create("/v1/runs/" + run)), runs.get(run));
    }

    private Journey find(String key) {
        return jdbi.withExtension(
                JourneyDao.class,
                dao -> dao.idOf(key).map(dao::get).orElseThrow(() -> Problem.notFound("journey", key)));
    }

    static Response answer(Response.ResponseBuilder builder, Journey journey) {
        return builder.entity(journey)
                .header(HttpHeaders.ETAG, Versions.etag(journey.revision()))
                .build();
    }
}
