package sojourn.app.segments;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Job;
import sojourn.app.platform.Jobs;
import sojourn.app.platform.Problem;
import sojourn.app.platform.Streamed;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;
import sojourn.app.segments.MembersJob.Action;

/** Takes members of static segments by the thousand; the work is a job. */
@Path("/v1/segments/{segment}/members/import")
@Produces(MediaType.APPLICATION_JSON)
public final class MembersImportResource {

    private final Jdbi jdbi;
    private final Jobs jobs;

    MembersImportResource(Jdbi jdbi, Jobs jobs) {
        this.jdbi = jdbi;
        this.jobs = jobs;
    }

    @Operation(summary = "Adds or removes members of a static segment from CSV or NDJSON as a job")
    @Answers(value = Job.class, status = 202)
    @POST
    @Consumes({"text/csv", "application/x-ndjson", "application/ndjson", "application/jsonl"})
    @Streamed
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response start(
            @PathParam("segment") String reference,
            @Parameter(description = "`add` (the default) or `remove`") @QueryParam("action") @Nullable String action,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) MediaType type,
            InputStream body,
            @Auth Caller caller) {
        var segment = jdbi.withHandle(handle -> SegmentReadings.find(handle, reference));
        StaticMembers.requireByHand(segment);
        var input = new MembersJob.Input(
                segment.id(), action(action), MemberUpload.Format.of(type), null, Deed.of(caller, null));
        return MembersJob.submit(jobs, segment, input, body, caller.name()).accepted();
    }

    private static Action action(@Nullable String word) {
        return switch (word) {
            case null -> Action.ADD;
            case "add" -> Action.ADD;
            case "remove" -> Action.REMOVE;
            default ->
                throw Problem.invalid("/action", "unknown-action", "action is '" + word + "'; add or remove would fit");
        };
    }
}
