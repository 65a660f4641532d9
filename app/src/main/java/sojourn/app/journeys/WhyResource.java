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
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.security.Role;

/** Why a contact did or did not get into a journey. */
@Path("/v1/journeys")
@Produces(MediaType.APPLICATION_JSON)
public final class WhyResource {

    private final Jdbi jdbi;
    private final WhyReading reading;

    WhyResource(Jdbi jdbi, WhyReading reading) {
        this.jdbi = jdbi;
        this.reading = reading;
    }

    /** What keeps a contact out or lets it in, its runs, and what became of each message. */
    @Operation(summary = "Explains why a contact got into a journey and got its messages, or did not")
    @GET
    @Path("/{journey}/why")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Why why(@PathParam("journey") String key, @QueryParam("contact") @Nullable String contact) {
        if (contact == null || contact.isEmpty()) {
            throw Problem.invalid("/contact", "missing", "Say for whom: a contact's UUID, or external: and its id");
        }
        return jdbi.inTransaction(
                TransactionIsolationLevel.REPEATABLE_READ, handle -> reading.why(handle, key, contact));
    }
}
