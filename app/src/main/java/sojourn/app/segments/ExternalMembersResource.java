package sojourn.app.segments;

import io.dropwizard.auth.Auth;
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
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Job;
import sojourn.app.platform.Jobs;
import sojourn.app.platform.Problem;
import sojourn.app.platform.Streamed;
import sojourn.app.security.Caller;
import sojourn.app.security.Role;

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

    @PUT
    @Consumes({"text/csv", "application/x-ndjson", "application/ndjson", "application/jsonl"})
    @Streamed
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public Response replace(
            @PathParam("segment") String reference,
            @QueryParam("syncId") @Nullable String syncId,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) MediaType type,
            InputStream body,
            @Auth Caller caller) {
        var segment = find(reference, syncId);
        var format = MemberUpload.Format.of(type);
        return before(segment, syncId).orElseGet(() -> {
            var input = new MembersReplacement.Input(segment.id(), format, syncId);
            return jobs.submit(MembersReplacement.NAME, segment.key(), input, body, caller.name())
                    .accepted();
        });
    }

    @PATCH
    @Consumes({"application/x-ndjson", "application/ndjson", "application/jsonl"})
    @Streamed
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public Response change(
            @PathParam("segment") String reference,
            @QueryParam("syncId") @Nullable String syncId,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) MediaType type,
            InputStream body,
            @Auth Caller caller) {
        var segment = find(reference, syncId);
        var format = MemberUpload.Format.of(type);
        return before(segment, syncId).orElseGet(() -> {
            var input = new MembersImport.Input(segment.id(), MembersImport.Action.AS_SAID, format, syncId);
            return jobs.submit(MembersImport.NAME, segment.key(), input, body, caller.name())
                    .accepted();
        });
    }

    private Segment find(String reference, @Nullable String syncId) {
        var segment = jdbi.withHandle(handle -> SegmentReadings.find(handle, reference));
        MemberSyncs.requireExternal(segment);
        if (syncId != null && (syncId.isBlank() || syncId.length() > LONGEST_ID)) {
            throw Problem.invalid("/syncId", "wrong-size", "1 to " + LONGEST_ID + " characters would fit");
        }
        return segment;
    }

    /** What became of the same sent before: its result, or the job that is at it. */
    private Optional<Response> before(Segment segment, @Nullable String syncId) {
        if (syncId == null) {
            return Optional.empty();
        }
        return jdbi.withHandle(handle -> syncs.find(handle, segment.id(), syncId))
                .flatMap(sync -> sync.result() == null
                        ? jobs.find(sync.jobId()).filter(job -> !job.ended()).map(Job::accepted)
                        : Optional.of(Response.ok(sync).build()));
    }
}
