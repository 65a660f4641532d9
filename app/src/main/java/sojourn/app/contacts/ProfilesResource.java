package sojourn.app.contacts;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.ListExport;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.TimeLimit;
import sojourn.app.security.Role;

/** Accounts, leads and whatever else was declared, one by one; contacts have endpoints of their own. */
@Path("/v1/profiles/{type}")
@Produces(MediaType.APPLICATION_JSON)
public final class ProfilesResource {

    private final Jdbi jdbi;
    private final ProfileEditor editor;

    ProfilesResource(Jdbi jdbi, ProfileEditor editor) {
        this.jdbi = jdbi;
        this.editor = editor;
    }

    @Operation(summary = "Lists records of a type, in pages as JSON, or all of them as CSV or NDJSON")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<Profile> list(
            @PathParam("type") String type,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("externalId") @Nullable String externalId,
            @QueryParam("q") @Nullable String q,
            @Context SecurityContext who) {
        return page(type, Page.limit(limit), cursor, externalId, q, seesContactPoints(who));
    }

    /** The same as a stream of all of them; as CSV with the columns that {@code import} takes back. */
    @Operation(summary = "Lists records of a type, in pages as JSON, or all of them as CSV or NDJSON")
    @Answers(String.class)
    @GET
    @Produces({ListExport.ALSO_CSV, ListExport.ALSO_NDJSON})
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response export(
            @PathParam("type") String type,
            @QueryParam("externalId") @Nullable String externalId,
            @QueryParam("q") @Nullable String q,
            @Context SecurityContext who,
            @Context HttpHeaders accepting) {
        refuseContacts(type);
        var withContactPoints = seesContactPoints(who);
        var columns = jdbi.withHandle(handle -> RecordColumns.of(handle, Shape.read(handle, type), withContactPoints));
        return ListExport.answer(
                accepting,
                type,
                columns,
                cursor -> page(type, Page.MAX_LIMIT, cursor, externalId, q, withContactPoints));
    }

    private Page<Profile> page(
            String type,
            int size,
            @Nullable String cursor,
            @Nullable String externalId,
            @Nullable String q,
            boolean withContactPoints) {
        refuseContacts(type);
        var after = Cursor.parse(cursor, 1);
        var wanted = q == null || q.isBlank() ? null : q.strip();
        var profiles = TimeLimit.read(
                jdbi,
                handle -> handle.attach(ProfileDao.class)
                        .page(
                                Shape.read(handle, type).typeId(),
                                type,
                                after == null ? 0 : after.number(0),
                                externalId,
                                wanted,
                                wanted == null ? null : Fold.text(wanted),
                                withContactPoints ? new String[0] : Profile.CONTACT_POINTS.toArray(String[]::new),
                                size + 1));
        return Page.of(profiles, size, profile -> Cursor.of(profile.id()))
                .map(profile -> withContactPoints ? profile : profile.withoutContactPoints());
    }

    @Operation(summary = "Creates a record")
    @Answers(value = Profile.class, status = 201)
    @POST
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public Response create(
            @PathParam("type") String type, Map<String, @Nullable Object> body, @Context SecurityContext who) {
        refuseContacts(type);
        return created(editor.create(type, body), who);
    }

    @Operation(summary = "Reads a record")
    @GET
    @Path("/{record}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Profile get(
            @PathParam("type") String type, @PathParam("record") String record, @Context SecurityContext who) {
        var reference = reference(type, record);
        return jdbi.withHandle(handle -> {
            Shape.read(handle, type);
            return handle.attach(ProfileDao.class)
                    .find(type, reference.externalId(), reference.uuid())
                    .map(found -> shown(found, who))
                    .orElseThrow(reference::notFound);
        });
    }

    @Operation(summary = "Creates or replaces a record")
    @Answers(
            value = Profile.class,
            status = {200, 201})
    @PUT
    @Path("/{record}")
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public Response put(
            @PathParam("type") String type,
            @PathParam("record") String record,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            Map<String, @Nullable Object> body,
            @Context SecurityContext who) {
        var written = editor.put(reference(type, record), body, ifMatch);
        return written.created()
                ? created(written.profile(), who)
                : Response.ok(shown(written.profile(), who)).build();
    }

    @Operation(summary = "Changes the fields of a record that are sent; null clears one")
    @PATCH
    @Path("/{record}")
    @Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public Profile patch(
            @PathParam("type") String type,
            @PathParam("record") String record,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            Map<String, @Nullable Object> body,
            @Context SecurityContext who) {
        return shown(editor.patch(reference(type, record), body, ifMatch), who);
    }

    /** Deletes the record, its links, and its name in every lookup attribute that had it. */
    @Operation(summary = "Deletes a record, its links, and its name in lookups")
    @DELETE
    @Path("/{record}")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public void delete(
            @PathParam("type") String type,
            @PathParam("record") String record,
            @HeaderParam("If-Match") @Nullable String ifMatch) {
        editor.delete(reference(type, record), ifMatch);
    }

    /** Contacts have more to them than other records. */
    static void refuseContacts(String type) {
        if (type.equals(ProfileTypes.CONTACT)) {
            throw new Problem(ProblemType.NOT_FOUND, "Contacts are at /v1/contacts");
        }
    }

    private static Reference reference(String type, String record) {
        refuseContacts(type);
        return Reference.parse(type, record);
    }

    private static Response created(Profile profile, SecurityContext who) {
        return Response.created(URI.create("/v1/profiles/" + profile.type() + "/" + profile.uuid()))
                .entity(shown(profile, who))
                .build();
    }

    private static Profile shown(Profile profile, SecurityContext who) {
        return seesContactPoints(who) ? profile : profile.withoutContactPoints();
    }

    private static boolean seesContactPoints(SecurityContext who) {
        return !who.isUserInRole(Role.VIEWER);
    }
}
