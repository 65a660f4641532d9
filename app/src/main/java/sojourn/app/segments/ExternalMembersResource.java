package sojourn.app.segments;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
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

/** Takes the members of external segments from the systems that know them; the work is a job. */
@Path("/v1/segments/{segment}/members/external")
@Produces(MediaType.APPLICATION_JSON)
public final class ExternalMembersResource {

    private static final int LONGEST_ID = 255;

    private final Jdbi jdbi;
    private final Jobs jobs;
    private final MemberSyncs syncs;

    ExternalMembersResource(Jdbi jdbi, Jobs jobs, MemberSyncs syncs) {
        this.jdbi = jdbi;
        this.jobs = jobs;
        this.syncs = syncs;
    }

    @Operation(summary = "Replaces all members of an external segment as a job")
    @Answers(MemberSyncs.Sync.class)
    @Answers(value = Job.class, status = 202)
    @PUT
    @Consumes({"text/csv", "application/x-ndjson", "application/ndjson", "application/jsonl"})
    @Streamed
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public Response replace(
            @PathParam("segment") String reference,
            @Parameter(description = "The sender's name for what it sends; sent again after success, nothing is done")
                    @QueryParam("syncId")
                    @Nullable
                    String syncId,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) MediaType type,
            InputStream body,
            @Auth Caller caller) {
        return take(Action.REPLACE, reference, syncId, type, body, caller);
    }

    @Operation(summary = "Adds and removes members of an external segment as a job")
    @Answers(MemberSyncs.Sync.class)
    @Answers(value = Job.class, status = 202)
    @PATCH
    @Consumes({"application/x-ndjson", "application/ndjson", "application/jsonl"})
    @Streamed
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public Response change(
            @PathParam("segment") String reference,
            @Parameter(description = "The sender's name for what it sends; sent again after success, nothing is done")
                    @QueryParam("syncId")
                    @Nullable
                    String syncId,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) MediaType type,
            InputStream body,
            @Auth Caller caller) {
        return take(Action.AS_SAID, reference, syncId, type, body, caller);
    }

    /** What was done under the same name is answered with its result; all else waits its turn as a job. */
    private Response take(
            Action action, String reference, @Nullable String syncId, MediaType type, InputStream body, Caller caller) {
        if (syncId != null && (syncId.isBlank() || syncId.length() > LONGEST_ID)) {
            throw Problem.invalid("/syncId", "wrong-size", "1 to " + LONGEST_ID + " characters would fit");
        }
        var segment = jdbi.withHandle(handle -> SegmentReadings.find(handle, reference));
        MemberSyncs.requireExternal(segment);
        var input =
                new MembersJob.Input(segment.id(), action, MemberUpload.Format.of(type), syncId, Deed.of(caller, null));
        return jdbi.withHandle(handle -> syncs.done(handle, segment.id(), syncId))
                .map(done -> Response.ok(done).build())
                .orElseGet(() -> MembersJob.submit(jobs, segment, input, body, caller.name())
                        .accepted());
    }
}
