package sojourn.app.journeys;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Versions;
import sojourn.app.security.Role;

/** Single runs: what each is doing. */
@Path("/v1/runs")
@Produces(MediaType.APPLICATION_JSON)
public final class RunsResource {

    private final RunReading runs;

    RunsResource(RunReading runs) {
        this.runs = runs;
    }

    @Operation(summary = "Reads a run with its path and its deliveries")
    @Answers(Run.class)
    @GET
    @Path("/{run}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response get(@PathParam("run") UUID run) {
        return answer(Response.ok(), runs.get(run));
    }

    /** A run has no version of its own: its ETag is made of what is shown. */
    static Response answer(Response.ResponseBuilder builder, Run run) {
        return builder.entity(run)
                .header(HttpHeaders.ETAG, Versions.etag(run.toString().hashCode()))
                .build();
    }
}
