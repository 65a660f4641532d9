package sojourn.app.contacts;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.platform.Versions;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;

/** Declares how records of two types belong together. */
@Path("/v1/relationships")
@Produces(MediaType.APPLICATION_JSON)
public final class RelationshipsResource {

    private final Jdbi jdbi;
    private final RelationshipEditor editor;

    RelationshipsResource(Jdbi jdbi, RelationshipEditor editor) {
        this.jdbi = jdbi;
        this.editor = editor;
    }

    record NewRelationship(
            @Nullable String key,
            @Nullable String from,
            @Nullable String attribute,
            @Nullable String to) {}

    /**
     * A relationship as declared.
     *
     * @param attribute null for many-to-many
     * @param builtIn whether it came with the product, and so cannot be removed
     */
    public record Declared(
            String key, String from, @Nullable String attribute, String to, boolean builtIn, Instant createdAt) {}

    @Operation(summary = "Lists relationships")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.INTEGRATOR, Role.ADMIN})
    public Page<Declared> list(
            @QueryParam("limit") @Nullable Integer limit, @QueryParam("cursor") @Nullable String cursor) {
        var size = Page.limit(limit);
        var after = Cursor.parse(cursor, 1);
        var rows =
                jdbi.withExtension(RelationshipDao.class, dao -> dao.page(after == null ? "" : after.get(0), size + 1));
        return Page.of(rows, size, row -> Cursor.of(row.relationship().key())).map(RelationshipsResource::shown);
    }

    @Operation(summary = "Reads a relationship")
    @Answers(Declared.class)
    @GET
    @Path("/{key}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.INTEGRATOR, Role.ADMIN})
    public Response get(@PathParam("key") String key) {
        return jdbi.withExtension(RelationshipDao.class, dao -> dao.find(key))
                .map(row -> answer(Response.ok(), row))
                .orElseThrow(() -> Problem.notFound("relationship", key));
    }

    @Operation(summary = "Declares a relationship, over a lookup attribute or many-to-many")
    @Answers(value = Declared.class, status = 201)
    @POST
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response create(NewRelationship relationship, @Auth Caller caller) {
        var row = editor.create(
                relationship.key(),
                relationship.from(),
                relationship.attribute(),
                relationship.to(),
                Deed.of(caller, null));
        return answer(
                Response.created(
                        URI.create("/v1/relationships/" + row.relationship().key())),
                row);
    }

    /** Removes a relationship that nothing uses; the values of its lookup attribute stay. */
    @Operation(summary = "Removes a relationship that nothing uses; values of its lookup stay")
    @DELETE
    @Path("/{key}")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public void delete(@PathParam("key") String key, @Auth Caller caller) {
        editor.delete(key, Deed.of(caller, null));
    }

    /** It never changes; another of the same key has another id. */
    private static Response answer(Response.ResponseBuilder response, RelationshipDao.Row row) {
        return response.entity(shown(row))
                .header("ETag", Versions.etag(row.relationship().id()))
                .build();
    }

    private static Declared shown(RelationshipDao.Row row) {
        var relationship = row.relationship();
        return new Declared(
                relationship.key(),
                relationship.from(),
                relationship.attribute(),
                relationship.to(),
                row.builtIn(),
                row.createdAt());
    }
}
