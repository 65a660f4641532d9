package sojourn.app.security;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Instants;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;

/** Who did what, for admins. */
@Path("/v1/audit")
@Produces(MediaType.APPLICATION_JSON)
public final class AuditResource {

    private final AuditDao entries;

    AuditResource(Jdbi jdbi) {
        this.entries = jdbi.onDemand(AuditDao.class);
    }

    /** Newest first; from {@code from} on and before {@code to}. */
    @Operation(summary = "Lists what people and their programs have done, newest first")
    @GET
    @RolesAllowed(Role.ADMIN)
    public Page<AuditEntry> list(
            @QueryParam("kind") @Nullable String kind,
            @QueryParam("thing") @Nullable String thing,
            @QueryParam("action") @Nullable String action,
            @QueryParam("by") @Nullable String by,
            @QueryParam("keyId") @Nullable UUID keyId,
            @QueryParam("contactId") @Nullable UUID contactId,
            @Parameter(description = "From this instant on") @QueryParam("from") @Nullable String from,
            @Parameter(description = "Before this instant") @QueryParam("to") @Nullable String to,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var errors = new ArrayList<ProblemError>();
        var filter = new AuditDao.Filter(
                kind,
                thing,
                action,
                by,
                keyId,
                contactId,
                Instants.read("/from", from, errors),
                Instants.read("/to", to, errors));
        Instants.check("/from", filter.from(), errors);
        Instants.check("/to", filter.to(), errors);
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
        var size = Page.limit(limit);
        var before = Cursor.parse(cursor, 1);
        var rows = entries.newestFirst(filter, before == null ? null : before.uuid(0), size + 1);
        return Page.of(rows, size, entry -> Cursor.of(entry.id()));
    }
}
