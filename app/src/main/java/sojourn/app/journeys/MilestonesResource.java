package sojourn.app.journeys;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.security.Role;

/** What has become of journeys. */
@Path("/v1/journeys")
@Produces(MediaType.APPLICATION_JSON)
public final class MilestonesResource {

    private final Jdbi jdbi;

    MilestonesResource(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Newest first. */
    @Operation(summary = "Lists what has become of a journey, newest first")
    @GET
    @Path("/{journey}/milestones")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<Milestone> list(
            @PathParam("journey") String key,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var size = Page.limit(limit);
        var before = Cursor.parse(cursor, 1);
        var rows = jdbi.withHandle(handle -> {
            var journey = handle.attach(JourneyDao.class).idOf(key).orElseThrow(() -> Problem.notFound("journey", key));
            return Milestones.page(handle, journey, before == null ? Long.MAX_VALUE : before.number(0), size + 1);
        });
        return Page.of(rows, size, milestone -> Cursor.of(milestone.number()));
    }
}
