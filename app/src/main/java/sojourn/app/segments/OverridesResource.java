package sojourn.app.segments;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.ListExport;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;

/** Overrides of dynamic segments over HTTP. */
@Path("/v1/segments/{segment}/overrides")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class OverridesResource {

    private static final List<String> COLUMNS = List.of("contactId", "externalId", "kind", "reason", "at", "by");

    private final Overrides overrides;

    OverridesResource(Overrides overrides) {
        this.overrides = overrides;
    }

    record Decision(
            @NotNull OverrideKind kind,
            @Nullable @Size(max = Deed.LONGEST_REASON) String reason) {}

    @Operation(summary = "Lists overrides of a segment, in pages as JSON, or all of them as CSV or NDJSON")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<MemberOverride> list(
            @PathParam("segment") String segment,
            @QueryParam("kind") @Nullable String kind,
            @QueryParam("contact") @Nullable String contact,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return overrides.list(
                segment, kind == null ? null : kind(kind), contact, Cursor.parse(cursor, 1), Page.limit(limit));
    }

    @Operation(summary = "Lists overrides of a segment, in pages as JSON, or all of them as CSV or NDJSON")
    @Answers(String.class)
    @GET
    @Produces({ListExport.ALSO_CSV, ListExport.ALSO_NDJSON})
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response export(
            @PathParam("segment") String segment,
            @QueryParam("kind") @Nullable String kind,
            @QueryParam("contact") @Nullable String contact,
            @Context HttpHeaders accepting) {
        return ListExport.answer(
                accepting,
                segment + "-overrides",
                COLUMNS,
                cursor -> list(segment, kind, contact, Page.MAX_LIMIT, cursor));
    }

    @Operation(summary = "Includes or excludes a contact, whatever the query of a dynamic segment says")
    @Answers(
            value = MemberOverride.class,
            status = {200, 201})
    @PUT
    @Path("/{contact}")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response put(
            @PathParam("segment") String segment,
            @PathParam("contact") String contact,
            @NotNull @Valid Decision decision,
            @Auth Caller caller) {
        var written = overrides.put(segment, contact, decision.kind(), Deed.of(caller, decision.reason()));
        return Response.status(written.created() ? Status.CREATED : Status.OK)
                .entity(written.override())
                .build();
    }

    @Operation(summary = "Takes an override of a segment back")
    @DELETE
    @Path("/{contact}")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public void remove(
            @PathParam("segment") String segment, @PathParam("contact") String contact, @Auth Caller caller) {
        overrides.remove(segment, contact, Deed.of(caller, null));
    }

    private static OverrideKind kind(String word) {
        return OverrideKind.of(word)
                .orElseThrow(() -> Problem.invalid(
                        "/kind", "unknown-kind", "There is no kind '" + word + "'; include or exclude would fit"));
    }
}
