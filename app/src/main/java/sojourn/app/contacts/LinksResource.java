package sojourn.app.contacts;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.LinkEditor.Pair;
import sojourn.app.contacts.LinkEditor.Written;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.security.Role;

/** Which records belong together by a relationship. */
@Path("/v1/relationships/{relationship}/links")
@Produces(MediaType.APPLICATION_JSON)
public final class LinksResource {

    private final Jdbi jdbi;
    private final LinkEditor editor;

    LinksResource(Jdbi jdbi, LinkEditor editor) {
        this.jdbi = jdbi;
        this.editor = editor;
    }

    /** At most 1,000 in all. */
    record LinkChanges(
            @Nullable List<@NotNull Pair> add, @Nullable List<@NotNull Pair> remove) {}

    @Operation(summary = "Lists the links of a relationship, of either kind")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<LinkRows.Linked> list(
            @PathParam("relationship") String key,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var size = Page.limit(limit);
        var after = Cursor.parse(cursor, 2);
        var links = jdbi.withHandle(handle -> {
            var relationship = handle.attach(RelationshipDao.class)
                    .find(key)
                    .orElseThrow(() -> Problem.notFound("relationship", key))
                    .relationship();
            return new LinkRows(handle)
                    .page(
                            relationship,
                            from == null ? null : Records.idOf(handle, Reference.parse(relationship.from(), from)),
                            to == null ? null : Records.idOf(handle, Reference.parse(relationship.to(), to)),
                            after == null ? 0 : after.number(0),
                            after == null ? 0 : after.number(1),
                            size + 1);
        });
        return Page.of(links, size, link -> Cursor.of(link.fromId(), link.toId()));
    }

    /** Adds and removes at once, all of it or nothing. */
    @Operation(summary = "Adds and removes up to 1,000 links at once, all or nothing")
    @POST
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public Written change(@PathParam("relationship") String key, @Valid @NotNull LinkChanges changes) {
        return editor.write(
                key,
                changes.add() == null ? List.of() : changes.add(),
                changes.remove() == null ? List.of() : changes.remove());
    }

    @Operation(summary = "Links two records")
    @PUT
    @Path("/{from}/{to}")
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public void add(@PathParam("relationship") String key, @PathParam("from") String from, @PathParam("to") String to) {
        one(key, List.of(new Pair(from, to)), List.of());
    }

    @Operation(summary = "Unlinks two records")
    @DELETE
    @Path("/{from}/{to}")
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public void remove(
            @PathParam("relationship") String key, @PathParam("from") String from, @PathParam("to") String to) {
        one(key, List.of(), List.of(new Pair(from, to)));
    }

    /** What is wrong with records that a path names is that they are not there. */
    private void one(String key, List<Pair> add, List<Pair> remove) {
        try {
            editor.write(key, add, remove);
        } catch (Problem problem) {
            throw problem.type() == ProblemType.INVALID
                    ? new Problem(
                            ProblemType.NOT_FOUND, problem.errors().getFirst().detail())
                    : problem;
        }
    }
}
