package sojourn.app.contacts;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Page;
import sojourn.app.platform.Versions;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;

/** Contacts one by one. */
@Path("/v1/contacts")
@Produces(MediaType.APPLICATION_JSON)
public final class ContactsResource {

    private final Jdbi jdbi;
    private final ContactEditor editor;

    ContactsResource(Jdbi jdbi, ContactEditor editor) {
        this.jdbi = jdbi;
        this.editor = editor;
    }

    @Operation(summary = "Lists contacts, or finds them by external id, email or a text")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<Contact> list(
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("externalId") @Nullable String externalId,
            @QueryParam("email") @Nullable String email,
            @QueryParam("q") @Nullable String q,
            @Context SecurityContext who) {
        return ContactList.of(externalId, email, q, seesContactPoints(who)).page(jdbi, cursor, Page.limit(limit));
    }

    @Operation(summary = "Reads a contact")
    @Answers(Contact.class)
    @GET
    @Path("/{contact}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response get(@PathParam("contact") String contact, @Context SecurityContext who) {
        var reference = Reference.toContact(contact);
        return jdbi.withExtension(ContactDao.class, dao -> dao.find(reference.externalId(), reference.uuid()))
                .filter(found -> !found.state().equals(Contact.ERASED))
                .map(found -> answer(Response.ok(), found, who))
                .orElseThrow(reference::notFound);
    }

    @Operation(summary = "Creates or replaces a contact")
    @Answers(
            value = Contact.class,
            status = {200, 201})
    @PUT
    @Path("/{contact}")
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public Response put(
            @PathParam("contact") String contact,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            Map<String, @Nullable Object> body,
            @Context SecurityContext who) {
        var written = editor.put(Reference.toContact(contact), body, ifMatch);
        var response = written.created()
                ? Response.created(
                        URI.create("/v1/contacts/" + written.contact().uuid()))
                : Response.ok();
        return answer(response, written.contact(), who);
    }

    @Operation(summary = "Changes the fields of a contact that are sent; null clears one")
    @Answers(Contact.class)
    @PATCH
    @Path("/{contact}")
    @Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public Response patch(
            @PathParam("contact") String contact,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            Map<String, @Nullable Object> body,
            @Context SecurityContext who) {
        return answer(Response.ok(), editor.patch(Reference.toContact(contact), body, ifMatch), who);
    }

    /** Erases the contact: nothing personal is left when this is answered. */
    @Operation(summary = "Erases a contact: everything personal, everywhere, at once")
    @DELETE
    @Path("/{contact}")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public void erase(
            @PathParam("contact") String contact,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @Auth Caller caller) {
        editor.erase(Reference.toContact(contact), ifMatch, Deed.of(caller, null));
    }

    private static Response answer(Response.ResponseBuilder response, Contact contact, SecurityContext who) {
        return response.entity(shown(contact, who))
                .header("ETag", Versions.etag(contact.version()))
                .build();
    }

    private static Contact shown(Contact contact, SecurityContext who) {
        return seesContactPoints(who) ? contact : contact.withoutContactPoints();
    }

    private static boolean seesContactPoints(SecurityContext who) {
        return !who.isUserInRole(Role.VIEWER);
    }
}
