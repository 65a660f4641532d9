package sojourn.app.contacts;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Job;
import sojourn.app.platform.Jobs;
import sojourn.app.platform.Streamed;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;

/** Takes contacts by the thousand, as a table or as lines of JSON; the work is a job. */
@Path("/v1/contacts/import")
@Produces(MediaType.APPLICATION_JSON)
public final class ContactImportResource {

    private final Jobs jobs;

    ContactImportResource(Jobs jobs) {
        this.jobs = jobs;
    }

    @Operation(summary = "Imports contacts from CSV or NDJSON as a job")
    @Answers(value = Job.class, status = 202)
    @POST
    @Consumes({"text/csv", "application/x-ndjson", "application/ndjson", "application/jsonl"})
    @Streamed
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public Response start(
            @HeaderParam(HttpHeaders.CONTENT_TYPE) MediaType type, InputStream body, @Auth Caller caller) {
        var input = RecordImport.input(type, null, Deed.of(caller, null));
        return jobs.submit(RecordImport.CONTACTS, input, body, caller.name()).accepted();
    }
}
