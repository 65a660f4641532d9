package sojourn.app.journeys;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.platform.Loop;
import sojourn.app.platform.Transactions;
import sojourn.app.platform.Versions;
import sojourn.app.security.Role;

/** Single runs: what each is doing, and taking a contact out by hand. */
@Path("/v1/runs")
@Produces(MediaType.APPLICATION_JSON)
public final class RunsResource {

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final RunReading runs;
    private final Loop signals;

    RunsResource(Jdbi jdbi, InstantSource clock, RunReading runs, Loop signals) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.runs = runs;
        this.signals = signals;
    }

    @GET
    @Path("/{run}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response get(@PathParam("run") UUID run) {
        return answer(Response.ok(), runs.get(run));
    }

    /** Takes the contact out of the journey, with the reason {@code removed}; a run that has ended stays as it is. */
    @POST
    @Path("/{run}/stop")
    @RolesAllowed({Role.OPERATOR, Role.MARKETER, Role.ADMIN})
    public Response stop(@PathParam("run") UUID run) {
        var asked = Transactions.in(jdbi, handle -> {
            var dao = handle.attach(RunDao.class);
            var changed =
                    dao.requestExit(run, StopReason.REMOVED, clock.instant().truncatedTo(ChronoUnit.MICROS));
            if (changed > 0) {
                dao.signal(run);
            }
            return changed > 0;
        });
        signals.kick();
        return answer(Response.status(asked ? Response.Status.ACCEPTED : Response.Status.OK), runs.get(run));
    }

    /** A run has no version of its own: its ETag is made of what is shown. */
    static Response answer(Response.ResponseBuilder builder, Run run) {
        return builder.entity(run)
                .header(HttpHeaders.ETAG, Versions.etag(run.toString().hashCode()))
                .build();
    }
}
