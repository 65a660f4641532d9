package sojourn.app.journeys;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Problem;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;

/** Makes journeys like others. */
@Path("/v1/journeys")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class JourneyCopyResource {

    private final Jdbi jdbi;
    private final JourneyLifecycle lifecycle;

    JourneyCopyResource(Jdbi jdbi, JourneyLifecycle lifecycle) {
        this.jdbi = jdbi;
        this.lifecycle = lifecycle;
    }

    /** @param name that of the other journey when null */
    record JourneyCopy(
            @NotNull
            @Size(max = NewJourney.LONGEST_KEY)
            @Pattern(regexp = NewJourney.KEY, message = NewJourney.KEY_ADVICE)
            String key,

            @Nullable String name) {}

    /** A draft with the document of the live version; of a journey that was never live, of its draft. */
    @Operation(summary = "Creates a draft like a journey")
    @Answers(value = Journey.class, status = 201)
    @POST
    @Path("/{journey}/copy")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response copy(@PathParam("journey") String key, @Valid @NotNull JourneyCopy wanted, @Auth Caller caller) {
        var document = jdbi.withExtension(
                JourneyDao.class,
                dao -> dao.idOf(key)
                        .map(dao::get)
                        .orElseThrow(() -> Problem.notFound("journey", key))
                        .document());
        var named = wanted.name() == null ? document : document.named(wanted.name());
        var journey = lifecycle.create(new NewJourney(wanted.key(), named), Deed.of(caller, "a copy of '" + key + "'"));
        return JourneysResource.answer(Response.created(URI.create("/v1/journeys/" + journey.key())), journey);
    }
}
