package sojourn.app.journeys;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;

/** How the tests of journeys stand, and ending them by hand. */
@Path("/v1/journeys")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class AbTestResource {

    private final AbTestDecisions tests;

    AbTestResource(AbTestDecisions tests) {
        this.tests = tests;
    }

    /** @param why for those who come after */
    record WinnerWanted(
            @NotBlank String variant,
            @Size(max = Deed.LONGEST_REASON) @Nullable String why) {}

    @Operation(summary = "Shows how the test of a tile stands")
    @GET
    @Path("/{journey}/tiles/{tile}/test")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public AbTestReading test(
            @PathParam("journey") String journey,
            @PathParam("tile") String tile,
            @Parameter(description = "The live one when left out") @QueryParam("version") @Nullable Integer version) {
        return tests.read(journey, tile, version);
    }

    @Operation(summary = "Names the winner of a test by hand")
    @POST
    @Path("/{journey}/tiles/{tile}/winner")
    @RolesAllowed({Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public AbTestReading winner(
            @PathParam("journey") String journey,
            @PathParam("tile") String tile,
            @NotNull @Valid WinnerWanted wanted,
            @Auth Caller caller) {
        return tests.override(journey, tile, wanted.variant(), Deed.of(caller, wanted.why()));
    }
}
