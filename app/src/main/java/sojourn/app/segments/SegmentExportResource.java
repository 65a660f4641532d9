package sojourn.app.segments;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.security.Role;

/** Gives segments out as text. */
@Path("/v1/segments/{segment}/export")
public final class SegmentExportResource {

    private final Jdbi jdbi;

    SegmentExportResource(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Operation(summary = "Gives a segment as text")
    @GET
    @Produces("text/plain; charset=utf-8")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public String export(@PathParam("segment") String segment) {
        return SegmentText.write(jdbi.withHandle(handle -> SegmentReadings.find(handle, segment)));
    }
}
