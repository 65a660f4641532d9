package sojourn.app.insights;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;
import sojourn.app.segments.SegmentAnswer;

/** How a journey stands, who did not come through it, and figures as segments. */
@Path("/v1/journeys/{journey}/insights")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class InsightsResource {

    private final Jdbi jdbi;
    private final SavedSegments saved;

    InsightsResource(Jdbi jdbi, SavedSegments saved) {
        this.jdbi = jdbi;
        this.saved = saved;
    }

    @Operation(summary = "Counts a journey's runs, and for every tile what came in, went on and was sent")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public JourneyFigures journey(
            @PathParam("journey") String journey,
            @QueryParam("version") @Nullable Integer version,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @Parameter(description = "`true` counts distinct contacts") @QueryParam("contacts") @DefaultValue("false")
                    boolean contacts) {
        var range = Range.parse(version, from, to);
        return atOneMoment(
                handle -> new Counting(handle, JourneyRow.read(handle, journey).of(range), range, contacts).journey());
    }

    @Operation(summary = "Counts the figures of one tile, clicks by link included")
    @GET
    @Path("/tiles/{tile}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public JourneyFigures.OfTile tile(
            @PathParam("journey") String journey,
            @PathParam("tile") String tile,
            @QueryParam("version") @Nullable Integer version,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @Parameter(description = "`true` counts distinct contacts") @QueryParam("contacts") @DefaultValue("false")
                    boolean contacts) {
        var range = Range.parse(version, from, to);
        return atOneMoment(handle -> {
            var counting = new Counting(handle, JourneyRow.read(handle, journey).of(range), range, contacts);
            var figures = counting.tiles(tile).get(tile);
            if (figures == null) {
                throw Problem.notFound("tile", tile);
            }
            return figures.sending() == null ? figures : figures.with(counting.links(tile));
        });
    }

    /** The list behind a figure: runs that stopped or failed, messages that expired, were blocked or are unconfirmed. */
    @Operation(summary = "Lists who did not come through a journey, where and why")
    @GET
    @Path("/incomplete")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<Incomplete.Entry> incomplete(
            @PathParam("journey") String journey,
            @Parameter(description = "`stopped`, `failed`, `expired`, `blocked` or `unconfirmed`")
                    @QueryParam("kind")
                    @Nullable
                    String kind,
            @QueryParam("reason") @Nullable String reason,
            @QueryParam("tile") @Nullable String tile,
            @QueryParam("version") @Nullable Integer version,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor,
            @Auth Caller caller) {
        var size = Page.limit(limit);
        var after = Cursor.parse(cursor, 2);
        Incomplete.checkKind(kind);
        var range = Range.parse(version, from, to);
        var metric = new Metric(kind, tile, reason, null, null, null, null, range.version(), range.from(), range.to());
        return jdbi.withHandle(handle -> {
            var row = JourneyRow.read(handle, journey);
            return row.wasLive()
                    ? Incomplete.page(handle, MetricCheck.check(row, metric, ""), after, size)
                            .map(entry -> caller.mayReadContactPoints() ? entry : entry.withoutContactPoint())
                    : new Page<>(List.of(), null);
        });
    }

    @Operation(summary = "Makes a segment of the contacts behind a figure")
    @Answers(value = SegmentAnswer.class, status = 201)
    @POST
    @Path("/save-as-segment")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response save(@PathParam("journey") String journey, @NotNull SavedSegments.Wish wish, @Auth Caller caller) {
        var segment = saved.save(journey, wish, Deed.of(caller, null));
        return Response.created(URI.create("/v1/segments/" + segment.segment().key()))
                .entity(segment)
                .tag(Integer.toString(segment.segment().version()))
                .build();
    }

    /** All that is read is of one moment. */
    private <T> T atOneMoment(HandleCallback<T, RuntimeException> reading) {
        return jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, reading);
    }
}
