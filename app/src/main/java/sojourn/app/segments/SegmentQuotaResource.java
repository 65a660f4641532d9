package sojourn.app.segments;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.security.Role;

/** Tells who uses the quota. */
@Path("/v1/segments/quota")
@Produces(MediaType.APPLICATION_JSON)
public final class SegmentQuotaResource {

    private final Jdbi jdbi;
    private final SegmentQuota quota;

    SegmentQuotaResource(Jdbi jdbi, SegmentQuota quota) {
        this.jdbi = jdbi;
        this.quota = quota;
    }

    @Operation(summary = "Shows who uses the quota of what is evaluated all the time")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public SegmentQuota.Usage usage() {
        return jdbi.withHandle(quota::usage);
    }
}
