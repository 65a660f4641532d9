package sojourn.app.journeys;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Answers;
import sojourn.app.platform.ImportConflicts;
import sojourn.app.platform.Problem;
import sojourn.app.security.Caller;
import sojourn.app.security.Role;

/** Journeys with everything that they name, out and in. */
@Path("/v1/journeys")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class JourneyBundleResource {

    private final JourneyBundles bundles;

    JourneyBundleResource(JourneyBundles bundles) {
        this.bundles = bundles;
    }

    @Operation(summary = "Exports a journey with everything that it names, as a bundle")
    @GET
    @Path("/{journey}/export")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public JourneyBundle export(@PathParam("journey") String key) {
        return bundles.export(key);
    }

    /**
     * Makes drafts of all that is in the bundle, or of nothing.
     *
     * @param key for the journey, its own when null
     */
    @Operation(summary = "Imports a bundle: makes drafts of everything in it, or of nothing")
    @Answers(
            value = JourneyBundles.Imported.class,
            status = {200, 201})
    @POST
    @Path("/import")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response take(
            @Parameter(description = "For the journey, in place of its own") @QueryParam("key") @Nullable String key,
            @Parameter(description = "What to do with what is there and differs; `refuse` when left out")
                    @QueryParam("conflicts")
                    @Nullable
                    ImportConflicts conflicts,
            @Valid @NotNull JourneyBundle bundle,
            @Auth Caller caller) {
        return answer(
                bundles.take(bundle, checked(key), conflicts == null ? ImportConflicts.refuse : conflicts, caller));
    }

    private static @Nullable String checked(@Nullable String key) {
        if (key != null && (key.length() > NewJourney.LONGEST_KEY || !key.matches(NewJourney.KEY))) {
            throw Problem.invalid("/key", "invalid-key", "key " + NewJourney.KEY_ADVICE);
        }
        return key;
    }

    /** 201 when the journey was made just now, 200 when it was there. */
    static Response answer(JourneyBundles.Imported imported) {
        var place = URI.create("/v1/journeys/" + imported.journey());
        return (imported.isNew() ? Response.created(place) : Response.ok())
                .entity(imported)
                .build();
    }
}
