package sojourn.app.insights;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Page;
import sojourn.app.security.Role;
import sojourn.app.segments.Segments;

/** How a segment was used: what came of its members in journeys. */
@Path("/v1/segments/{segment}/insights/journeys")
@Produces(MediaType.APPLICATION_JSON)
public final class SegmentUsageResource {

    private final Jdbi jdbi;
    private final Segments segments;

    SegmentUsageResource(Jdbi jdbi, Segments segments) {
        this.jdbi = jdbi;
        this.segments = segments;
    }

    /** All of them at once: a segment is used by few journeys. {@code from} and {@code to} pick the runs that began then. */
    @Operation(summary = "Counts what came of a segment's members in each journey that uses it")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<SegmentUsage> journeys(
            @PathParam("segment") String reference,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to) {
        var range = Range.parse(null, from, to);
        return jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, handle -> {
            var segment = segments.require(handle, reference);
            return new Page<>(SegmentUsage.read(handle, segment, range), null);
        });
    }
}
