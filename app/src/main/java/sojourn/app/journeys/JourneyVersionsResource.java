package sojourn.app.journeys;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.platform.Transactions;
import sojourn.app.platform.Versions;
import sojourn.app.security.Role;

/** The versions of journeys, and what is different between two; {@code draft} in place of a number is the pending edit. */
@Path("/v1/journeys")
@Produces(MediaType.APPLICATION_JSON)
public final class JourneyVersionsResource {

    private static final String DRAFT = "draft";

    private final Jdbi jdbi;

    JourneyVersionsResource(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Newest first. */
    @Operation(summary = "Lists the versions of a journey, newest first")
    @GET
    @Path("/{journey}/versions")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<JourneyVersion> list(
            @PathParam("journey") String key,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var size = Page.limit(limit);
        var before = Cursor.parse(cursor, 1);
        var rows = Transactions.in(jdbi, handle -> {
            var journey = find(handle, key);
            return handle.attach(JourneyVersionDao.class)
                    .page(journey.number(), before == null ? Long.MAX_VALUE : before.number(0), size + 1);
        });
        return Page.of(rows, size, version -> Cursor.of(version.version()));
    }

    @Operation(summary = "Reads a version of a journey with its document; `draft` is the pending edit")
    @Answers(VersionDocument.class)
    @GET
    @Path("/{journey}/versions/{version}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response get(@PathParam("journey") String key, @PathParam("version") String version) {
        return Transactions.in(jdbi, handle -> {
            var journey = find(handle, key);
            return Response.ok(version(handle, journey, version))
                    .header(HttpHeaders.ETAG, Versions.etag(journey.revision()))
                    .build();
        });
    }

    /** What is different in {@code b} from {@code a}. */
    @Operation(summary = "Shows what is different in the second version from the first")
    @GET
    @Path("/{journey}/versions/{a}/diff/{b}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public JourneyDifference diff(
            @PathParam("journey") String key, @PathParam("a") String before, @PathParam("b") String after) {
        return Transactions.in(jdbi, handle -> {
            var journey = find(handle, key);
            return JourneyDifference.between(
                    version(handle, journey, before).document(),
                    version(handle, journey, after).document());
        });
    }

    private static VersionDocument version(Handle handle, Journey journey, String version) {
        return (version.equals(DRAFT) ? draft(journey) : published(handle, journey, version))
                .orElseThrow(() -> Problem.notFound("version", version + " of " + journey.key()));
    }

    /** Of a journey that was never live, its document is the draft. */
    private static Optional<VersionDocument> draft(Journey journey) {
        return Optional.ofNullable(journey.version() == null ? journey.document() : journey.draft())
                .map(VersionDocument::draft);
    }

    private static Optional<VersionDocument> published(Handle handle, Journey journey, String version) {
        try {
            return handle.attach(JourneyVersionDao.class).find(journey.number(), Integer.parseInt(version));
        } catch (NumberFormatException noNumber) {
            return Optional.empty();
        }
    }

    private static Journey find(Handle handle, String key) {
        var journeys = handle.attach(JourneyDao.class);
        return journeys.idOf(key).map(journeys::get).orElseThrow(() -> Problem.notFound("journey", key));
    }
}
