package sojourn.app.contacts;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;

/** Business units over HTTP. */
@Path("/v1/business-units")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class BusinessUnitsResource {

    private final Jdbi jdbi;
    private final BusinessUnits units;

    BusinessUnitsResource(Jdbi jdbi, BusinessUnits units) {
        this.jdbi = jdbi;
        this.units = units;
    }

    record UnitWanted(@Nullable String name, @Nullable List<@NotNull String> members) {}

    @Operation(summary = "Lists business units by key")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<BusinessUnit> list(
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("q") @Nullable String q) {
        var size = Page.limit(limit);
        var after = Cursor.parse(cursor, 1);
        var rows = jdbi.withExtension(
                BusinessUnitDao.class, dao -> dao.list(after == null ? null : after.get(0), q, size + 1));
        return Page.of(rows, size, unit -> Cursor.of(unit.key()));
    }

    @Operation(summary = "Reads a business unit")
    @GET
    @Path("/{key}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public BusinessUnit get(@PathParam("key") String key) {
        return jdbi.withExtension(BusinessUnitDao.class, dao -> dao.find(key))
                .orElseThrow(() -> Problem.notFound("business unit", key));
    }

    @Operation(summary = "Creates or replaces a business unit and its members")
    @Answers(
            value = BusinessUnit.class,
            status = {200, 201})
    @PUT
    @Path("/{key}")
    @RolesAllowed(Role.ADMIN)
    public Response put(
            @PathParam("key") String key,
            @NotNull @Valid UnitWanted wanted,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Auth Caller caller) {
        var members = wanted.members() == null ? List.<String>of() : wanted.members();
        var written = units.put(key, wanted.name(), members, ifMatch, Deed.of(caller, null));
        var answer = written.created() ? Response.created(URI.create("/v1/business-units/" + key)) : Response.ok();
        return answer.entity(written.unit()).build();
    }

    @Operation(summary = "Deletes a business unit that no contact and no segment uses")
    @DELETE
    @Path("/{key}")
    @RolesAllowed(Role.ADMIN)
    public void delete(
            @PathParam("key") String key,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Auth Caller caller) {
        units.delete(key, ifMatch, Deed.of(caller, null));
    }
}
