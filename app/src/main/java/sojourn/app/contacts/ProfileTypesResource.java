package sojourn.app.contacts;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.Transactions;
import sojourn.app.platform.Versions;
import sojourn.app.security.Role;

/** Declares what may be known about a contact besides the built-in fields. */
@Path("/v1/profile-types")
@Produces(MediaType.APPLICATION_JSON)
public final class ProfileTypesResource {

    private static final List<String> ALSO_RESERVED = List.of("id", "address", "attributes", "businessUnit");

    private final Jdbi jdbi;
    private final InstantSource clock;

    ProfileTypesResource(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    record TypeChange(
            @Nullable Map<String, Object> attributes,
            @Nullable Boolean allowUndeclared) {}

    /** A profile type: its declared attributes and, beside them, the built-in ones. */
    public record ProfileType(
            String key,
            Map<String, Object> attributes,
            Map<String, Object> builtIn,
            boolean allowUndeclared,
            Instant updatedAt) {}

    private record Found(ProfileType type, int version) {}

    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.INTEGRATOR, Role.ADMIN})
    public Page<ProfileType> list() {
        return jdbi.withHandle(handle -> {
            var keys = handle.attach(ProfileTypeDao.class).keys();
            return new Page<>(keys.stream().map(key -> find(handle, key).type()).toList(), null);
        });
    }

    @GET
    @Path("/{key}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.INTEGRATOR, Role.ADMIN})
    public Response get(@PathParam("key") String key) {
        return answer(jdbi.withHandle(handle -> find(handle, key)));
    }

    /** Adds attributes; one that is declared keeps its type, and may get more options. */
    @PATCH
    @Path("/{key}")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response change(
            @PathParam("key") String key, @HeaderParam("If-Match") @Nullable String ifMatch, TypeChange change) {
        return answer(Transactions.in(jdbi, handle -> {
            var types = handle.attach(ProfileTypeDao.class);
            var row = types.lock(key).orElseThrow(() -> Problem.notFound("profile type", key));
            Versions.heed(ifMatch, row.version());
            var old = ProfileTypes.declared(handle, key);
            var errors = new ArrayList<ProblemError>();
            var reserved = new HashSet<>(BuiltInAttributes.all().keySet());
            reserved.addAll(ALSO_RESERVED);
            var added = Declarations.read(
                    "/attributes", change.attributes() == null ? Map.of() : change.attributes(), reserved, errors);
            Declarations.checkKept("/attributes", old, added, errors);
            if (!errors.isEmpty()) {
                throw Problem.invalid(errors);
            }
            var position = old.size();
            for (var entry : added.entrySet()) {
                var declaration = entry.getValue();
                types.put(
                        key,
                        entry.getKey(),
                        declaration.type().word(),
                        declaration.options().isEmpty() ? null : declaration.options(),
                        declaration.lookup(),
                        position++);
            }
            var allowUndeclared = change.allowUndeclared() == null ? row.allowUndeclared() : change.allowUndeclared();
            types.touch(key, allowUndeclared, clock.instant());
            return find(handle, key);
        }));
    }

    private static Found find(Handle handle, String key) {
        var row =
                handle.attach(ProfileTypeDao.class).find(key).orElseThrow(() -> Problem.notFound("profile type", key));
        var type = new ProfileType(
                key,
                objects(ProfileTypes.declared(handle, key)),
                key.equals("contact") ? objects(BuiltInAttributes.all()) : Map.of(),
                row.allowUndeclared(),
                row.updatedAt());
        return new Found(type, row.version());
    }

    private static Map<String, Object> objects(Map<String, Declaration> declarations) {
        var objects = new LinkedHashMap<String, Object>();
        declarations.forEach((name, declaration) -> objects.put(name, declaration.toObject()));
        return objects;
    }

    private static Response answer(Found found) {
        return Response.ok(found.type())
                .header("ETag", Versions.etag(found.version()))
                .build();
    }
}
