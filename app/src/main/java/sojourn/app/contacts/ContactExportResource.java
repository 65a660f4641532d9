package sojourn.app.contacts;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Answers;
import sojourn.app.platform.ListExport;
import sojourn.app.platform.Page;
import sojourn.app.security.Role;

/** Gives contacts out by the thousand, in the forms in which {@link ContactImportResource} takes them back. */
@Path("/v1/contacts/export")
public final class ContactExportResource {

    private final Jdbi jdbi;

    ContactExportResource(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Operation(summary = "Streams all contacts, or those found, as CSV or NDJSON")
    @Answers(String.class)
    @GET
    @Produces({ListExport.CSV, ListExport.ALSO_NDJSON})
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response export(
            @QueryParam("externalId") @Nullable String externalId,
            @QueryParam("email") @Nullable String email,
            @QueryParam("q") @Nullable String q,
            @Context SecurityContext who,
            @Context HttpHeaders accepting) {
        var list = ContactList.of(externalId, email, q, !who.isUserInRole(Role.VIEWER));
        var columns = jdbi.withHandle(
                handle -> RecordColumns.of(handle, Shape.read(handle, ProfileTypes.CONTACT), list.withContactPoints()));
        return ListExport.answer(accepting, "contacts", columns, cursor -> list.page(jdbi, cursor, Page.MAX_LIMIT));
    }
}
