package sojourn.app.segments;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;

/** Templates of segments over HTTP. */
@Path("/v1/segment-templates")
@Produces(MediaType.APPLICATION_JSON)
public final class SegmentTemplatesResource {

    private final SegmentTemplates templates;

    SegmentTemplatesResource(SegmentTemplates templates) {
        this.templates = templates;
    }

    @Operation(summary = "Lists segment templates")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<SegmentTemplate> list(
            @QueryParam("category") @Nullable String category,
            @QueryParam("q") @Nullable String q,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return templates.list(category, q, Cursor.parse(cursor, 1), Page.limit(limit));
    }

    @Operation(summary = "Reads a segment template with its parameters")
    @GET
    @Path("/{key}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public SegmentTemplate get(@PathParam("key") String key) {
        return templates.get(key);
    }

    @Operation(summary = "Deletes a segment template of your own")
    @DELETE
    @Path("/{key}")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public void delete(@PathParam("key") String key, @Auth Caller caller) {
        templates.delete(key, Deed.of(caller, null));
    }
}
