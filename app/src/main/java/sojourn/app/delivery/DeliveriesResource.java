package sojourn.app.delivery;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contacts;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.security.Caller;
import sojourn.app.security.Role;

/** What was sent to whom, or why not. */
@Path("/v1/deliveries")
@Produces(MediaType.APPLICATION_JSON)
public final class DeliveriesResource {

    private final Jdbi jdbi;
    private final Contacts contacts;

    DeliveriesResource(Jdbi jdbi, Contacts contacts) {
        this.jdbi = jdbi;
        this.contacts = contacts;
    }

    /** Newest first. */
    @Operation(summary = "Lists deliveries, newest first")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<ListedDelivery> list(
            @QueryParam("journey") @Nullable String journey,
            @QueryParam("tile") @Nullable String tile,
            @QueryParam("message") @Nullable String message,
            @QueryParam("state") @Nullable String state,
            @QueryParam("reason") @Nullable String reason,
            @QueryParam("run") @Nullable UUID run,
            @QueryParam("contact") @Nullable String contact,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor,
            @Auth Caller caller) {
        if (state != null && !Delivery.STATES.contains(state)) {
            throw Problem.invalid("/state", "unknown-state", "One of " + Delivery.STATES + " would fit");
        }
        var size = Page.limit(limit);
        var after = Cursor.parse(cursor, 1);
        return jdbi.withHandle(handle -> {
            var contactId = contact == null
                    ? null
                    : contacts.resolve(handle, contact).orElseThrow(() -> Contacts.unknown(contact));
            var filter = new ListedDelivery.Filter(journey, tile, message, state, reason, run, contactId);
            var rows =
                    handle.attach(ListedDeliveryDao.class).list(filter, after == null ? null : after.uuid(0), size + 1);
            return Page.of(rows, size, row -> Cursor.of(row.id())).map(row -> shown(row, caller));
        });
    }

    @Operation(summary = "Reads a delivery")
    @GET
    @Path("/{id}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public ListedDelivery get(@PathParam("id") UUID id, @Auth Caller caller) {
        return shown(
                jdbi.withExtension(ListedDeliveryDao.class, dao -> dao.find(id))
                        .orElseThrow(() -> Problem.notFound("delivery", id)),
                caller);
    }

    private static ListedDelivery shown(ListedDelivery delivery, Caller caller) {
        return caller.mayReadContactPoints() ? delivery : delivery.withoutContactPoint();
    }
}
