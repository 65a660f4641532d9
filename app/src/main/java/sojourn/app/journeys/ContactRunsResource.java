package sojourn.app.journeys;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;
import sojourn.app.security.Role;

/** The runs of a contact, and of those merged into it, in all journeys, the newest first. */
@Path("/v1/contacts/{contact}/runs")
@Produces(MediaType.APPLICATION_JSON)
public final class ContactRunsResource {

    private final RunReading runs;

    ContactRunsResource(RunReading runs) {
        this.runs = runs;
    }

    @Operation(summary = "Lists the runs of a contact in all journeys, newest first")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<Run> list(
            @PathParam("contact") String contact,
            @QueryParam("status") @Nullable RunStatus status,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var size = Page.limit(limit);
        var before = Cursor.parse(cursor, 1);
        var rows = runs.ofContact(contact, status, before == null ? null : before.uuid(0), size + 1);
        return Page.of(rows, size, run -> Cursor.of(run.id()));
    }
}
