package sojourn.app.interactions;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.Declarations;
import sojourn.app.contacts.DeclaredChanges;
import sojourn.app.contacts.ProfileTypes;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.platform.Versions;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;

/** Declares what can happen to a contact. */
@Path("/v1/interaction-types")
@Produces(MediaType.APPLICATION_JSON)
public final class InteractionTypesResource {

    private final Jdbi jdbi;
    private final InstantSource clock;

    InteractionTypesResource(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    record NewType(String key, @Nullable Map<String, Object> properties) {}

    record TypeChange(@NotNull Map<String, Object> properties) {}

    /** A type as declared; the built-in properties, which every type has, are left out. */
    public record Declared(String key, boolean builtIn, Map<String, Declaration> properties, Instant createdAt) {}

    @Operation(summary = "Lists interaction types with their properties")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.INTEGRATOR, Role.ADMIN})
    public Page<Declared> list(
            @QueryParam("limit") @Nullable Integer limit, @QueryParam("cursor") @Nullable String cursor) {
        var size = Page.limit(limit);
        var after = Cursor.parse(cursor, 1);
        var rows = jdbi.withExtension(
                InteractionTypeDao.class, types -> types.page(after == null ? "" : after.get(0), size + 1));
        return Page.of(rows, size, row -> Cursor.of(row.key())).map(InteractionTypesResource::shown);
    }

    @Operation(summary = "Reads an interaction type with its properties")
    @Answers(Declared.class)
    @GET
    @Path("/{key}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.INTEGRATOR, Role.ADMIN})
    public Response get(@PathParam("key") String key) {
        var row = jdbi.withExtension(InteractionTypeDao.class, types -> types.find(key))
                .orElseThrow(() -> Problem.notFound("interaction type", key));
        return answer(Response.ok(), row);
    }

    @Operation(summary = "Declares an interaction type")
    @Answers(value = Declared.class, status = 201)
    @POST
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response declare(NewType type, @Auth Caller caller) {
        var row = Transactions.in(jdbi, handle -> {
            var errors = new ArrayList<ProblemError>();
            InteractionTypes.checkKey("/key", type.key(), errors);
            var properties = read(handle, type.properties() == null ? Map.of() : type.properties(), errors);
            if (!errors.isEmpty()) {
                throw Problem.invalid(errors);
            }
            var made = handle.attach(InteractionTypeDao.class)
                    .add(type.key(), properties)
                    .orElseThrow(() -> new Problem(
                            ProblemType.KEY_TAKEN, "There is an interaction type " + type.key() + " already"));
            note(handle, caller, "created", made, Map.of());
            return made;
        });
        return answer(Response.created(URI.create("/v1/interaction-types/" + row.key())), row);
    }

    /** Adds properties; one that is declared keeps its type, and may get more options. */
    @Operation(summary = "Adds properties to an interaction type, or options to them")
    @Answers(Declared.class)
    @PATCH
    @Path("/{key}")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response change(
            @PathParam("key") String key,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            TypeChange change,
            @Auth Caller caller) {
        var row = Transactions.in(jdbi, handle -> {
            var types = handle.attach(InteractionTypeDao.class);
            var old = types.lock(key).orElseThrow(() -> Problem.notFound("interaction type", key));
            Versions.heed(ifMatch, old.version());
            var errors = new ArrayList<ProblemError>();
            var added = read(handle, change.properties(), errors);
            Declarations.checkKept("/properties", old.properties(), added, errors);
            if (!errors.isEmpty()) {
                throw Problem.invalid(errors);
            }
            var properties = new LinkedHashMap<>(old.properties());
            properties.putAll(added);
            if (properties.equals(old.properties())) {
                return old;
            }
            var changed = types.change(key, properties);
            note(handle, caller, "changed", changed, old.properties());
            return changed;
        });
        return answer(Response.ok(), row);
    }

    private void note(
            Handle handle, Caller caller, String action, InteractionTypeDao.Row type, Map<String, Declaration> before) {
        var details = DeclaredChanges.of(before, type.properties());
        InteractionTypes.note(handle, clock.instant(), Deed.of(caller, null), action, type.key(), details);
    }

    /** What is looked up stays declared until the transaction ends. */
    private static Map<String, Declaration> read(
            Handle handle, Map<String, Object> properties, List<ProblemError> errors) {
        return Declarations.read(
                "/properties",
                properties,
                BuiltInProperties.all().keySet(),
                ProfileTypes.held(handle).keySet(),
                errors);
    }

    private static Response answer(Response.ResponseBuilder response, InteractionTypeDao.Row row) {
        return response.entity(shown(row))
                .header("ETag", Versions.etag(row.version()))
                .build();
    }

    private static Declared shown(InteractionTypeDao.Row row) {
        return new Declared(row.key(), row.builtIn(), new TreeMap<>(row.properties()), row.createdAt());
    }
}
