package sojourn.app.platform;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Progress of long work. Whoever sends a body that becomes a job can follow it, so every role may read. */
@Path("/v1/jobs")
@Produces(MediaType.APPLICATION_JSON)
public final class JobsResource {

    private final JobDao jobs;
    private final JobRunner runner;

    JobsResource(JobDao jobs, JobRunner runner) {
        this.jobs = jobs;
        this.runner = runner;
    }

    @Operation(summary = "Lists jobs, newest first")
    @GET
    @RolesAllowed({"viewer", "marketer", "operator", "integrator", "admin"})
    public Page<Job> list(
            @QueryParam("kind") @Nullable String kind,
            @QueryParam("state") @Nullable String state,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor,
            @Context SecurityContext security) {
        var size = Page.limit(limit);
        var after = Cursor.parse(cursor, 1);
        var rows = jobs.newestFirst(kind, state, after == null ? null : after.uuid(0), size + 1);
        return Page.of(rows, size, job -> Cursor.of(job.id())).map(job -> seenBy(security, job));
    }

    @Operation(summary = "Reads how far a job is")
    @Answers(Job.class)
    @GET
    @Path("/{id}")
    @RolesAllowed({"viewer", "marketer", "operator", "integrator", "admin"})
    public Response get(@PathParam("id") UUID id, @Context SecurityContext security) {
        return answer(200, seenBy(security, find(id)));
    }

    /** Asks a job to stop. What it has done stays done. */
    @Operation(summary = "Asks a job to stop; what it has done stays done")
    @Answers(
            value = Job.class,
            status = {200, 202})
    @POST
    @Path("/{id}/cancel")
    @RolesAllowed({"marketer", "operator", "integrator", "admin"})
    public Response cancel(@PathParam("id") UUID id, @Context SecurityContext security) {
        if (find(id).ended()) {
            return answer(200, find(id));
        }
        return answer(202, runner.cancel(id, security.getUserPrincipal()));
    }

    private Job find(UUID id) {
        return jobs.find(id).orElseThrow(() -> Problem.notFound("job", id));
    }

    private static Job seenBy(SecurityContext security, Job job) {
        return security.isUserInRole("viewer") ? job.withoutDetails() : job;
    }

    private static Response answer(int status, Job job) {
        return Response.status(status)
                .entity(job)
                .header("ETag", Versions.etag(job.hashCode()))
                .build();
    }
}
