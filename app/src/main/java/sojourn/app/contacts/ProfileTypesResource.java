package sojourn.app.contacts;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.ProfileTypeEditor.Switches;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.platform.Versions;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;

/** Declares what kinds of records there are, and what may be known about each besides the built-in fields. */
@Path("/v1/profile-types")
@Produces(MediaType.APPLICATION_JSON)
public final class ProfileTypesResource {

    private final Jdbi jdbi;
    private final ProfileTypeEditor editor;

    ProfileTypesResource(Jdbi jdbi, ProfileTypeEditor editor) {
        this.jdbi = jdbi;
        this.editor = editor;
    }

    record NewType(
            @Nullable String key,
            @Nullable String name,
            @Nullable Map<String, @Nullable Object> attributes,
            @Nullable Boolean allowUndeclared,
            @Nullable Boolean recordChanges) {}

    /** @param attributes declarations by key; null takes the attribute away */
    record TypeChange(
            @Nullable String name,
            @Nullable Map<String, @Nullable Object> attributes,
            @Nullable Boolean allowUndeclared,
            @Nullable Boolean recordChanges) {}

    /**
     * A profile type: its declared attributes and, beside them, the built-in ones.
     *
     * @param seeded whether it came with the product, and so cannot be removed
     * @param recordChanges whether what is made and changed of its records is recorded as interactions
     */
    public record ProfileType(
            String key,
            @Nullable String name,
            boolean seeded,
            Map<String, Object> attributes,
            Map<String, Object> builtIn,
            boolean allowUndeclared,
            boolean recordChanges,
            Instant updatedAt) {}

    @Operation(summary = "Lists profile types with their attributes")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.INTEGRATOR, Role.ADMIN})
    public Page<ProfileType> list(
            @QueryParam("limit") @Nullable Integer limit, @QueryParam("cursor") @Nullable String cursor) {
        var size = Page.limit(limit);
        var after = Cursor.parse(cursor, 1);
        return jdbi.withHandle(handle -> {
            var rows = handle.attach(ProfileTypeDao.class).page(after == null ? "" : after.get(0), size + 1);
            return Page.of(rows, size, row -> Cursor.of(row.key())).map(row -> shown(handle, row));
        });
    }

    @Operation(summary = "Reads a profile type with its attributes")
    @Answers(ProfileType.class)
    @GET
    @Path("/{key}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.INTEGRATOR, Role.ADMIN})
    public Response get(@PathParam("key") String key) {
        return answer(Response.ok(), key);
    }

    @Operation(summary = "Declares a profile type")
    @Answers(value = ProfileType.class, status = 201)
    @POST
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response create(NewType type, @Auth Caller caller) {
        editor.create(
                type.key(),
                type.name(),
                type.attributes() == null ? Map.of() : type.attributes(),
                new Switches(type.allowUndeclared(), type.recordChanges()),
                Deed.of(caller, null));
        var key = String.valueOf(type.key());
        return answer(Response.created(URI.create("/v1/profile-types/" + key)), key);
    }

    /** Adds attributes; one that is declared keeps its type, and may get more options, or goes when nothing uses it. */
    @Operation(summary = "Adds attributes to a profile type, adds options, or removes what nothing uses")
    @Answers(ProfileType.class)
    @PATCH
    @Path("/{key}")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response change(
            @PathParam("key") String key,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            TypeChange change,
            @Auth Caller caller) {
        var attributes = change.attributes() == null ? Map.<String, @Nullable Object>of() : change.attributes();
        var switches = new Switches(change.allowUndeclared(), change.recordChanges());
        editor.change(key, ifMatch, change.name(), attributes, switches, Deed.of(caller, null));
        return answer(Response.ok(), key);
    }

    /** Removes a type that nothing uses. */
    @Operation(summary = "Removes a profile type of your own that nothing uses")
    @DELETE
    @Path("/{key}")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public void delete(
            @PathParam("key") String key, @HeaderParam("If-Match") @Nullable String ifMatch, @Auth Caller caller) {
        editor.delete(key, ifMatch, Deed.of(caller, null));
    }

    private Response answer(Response.ResponseBuilder response, String key) {
        return jdbi.withHandle(handle -> {
            var row = handle.attach(ProfileTypeDao.class)
                    .find(key)
                    .orElseThrow(() -> Problem.notFound("profile type", key));
            return response.entity(shown(handle, row))
                    .header("ETag", Versions.etag(row.version()))
                    .build();
        });
    }

    private static ProfileType shown(Handle handle, ProfileTypeDao.Type row) {
        return new ProfileType(
                row.key(),
                row.name(),
                row.builtIn(),
                objects(ProfileTypes.declared(handle, row.key())),
                objects(BuiltInAttributes.of(row.key())),
                row.allowUndeclared(),
                row.recordChanges(),
                row.updatedAt());
    }

    private static Map<String, Object> objects(Map<String, Declaration> declarations) {
        var objects = new LinkedHashMap<String, Object>();
        declarations.forEach((name, declaration) -> objects.put(name, declaration.toObject()));
        return objects;
    }
}
