package sojourn.app.contacts;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Job;
import sojourn.app.platform.Jobs;
import sojourn.app.platform.Streamed;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;

/** Takes records of a type by the thousand, as a table or as lines of JSON; the work is a job. */
@Path("/v1/profiles/{type}/import")
@Produces(MediaType.APPLICATION_JSON)
public final class ProfileImportResource {

    private final Jdbi jdbi;
    private final Jobs jobs;

    ProfileImportResource(Jdbi jdbi, Jobs jobs) {
        this.jdbi = jdbi;
        this.jobs = jobs;
    }

    @Operation(summary = "Imports records of a type from CSV or NDJSON as a job")
    @Answers(value = Job.class, status = 202)
    @POST
    @Consumes({"text/csv", "application/x-ndjson", "application/ndjson", "application/jsonl"})
    @Streamed
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public Response start(
            @PathParam("type") String type,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) MediaType mediaType,
            InputStream body,
            @Auth Caller caller) {
        ProfilesResource.refuseContacts(type);
        jdbi.useHandle(handle -> Shape.read(handle, type));
        var input = RecordImport.input(mediaType, type, Deed.of(caller, null));
        return jobs.submit(RecordImport.PROFILES, type, input, body, caller.name())
                .accepted();
    }
}
