package sojourn.app.segments;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Page;
import sojourn.app.security.Caller;
import sojourn.app.security.Role;

/** Takes segments as text. */
@Path("/v1/segments/import")
@Produces(MediaType.APPLICATION_JSON)
public final class SegmentImportResource {

    private final Jdbi jdbi;
    private final SegmentTexts texts;
    private final SegmentAnswers answers;

    SegmentImportResource(Jdbi jdbi, SegmentTexts texts, SegmentAnswers answers) {
        this.jdbi = jdbi;
        this.texts = texts;
        this.answers = answers;
    }

    @Operation(summary = "Creates segments from text, all or none")
    @Answers(value = SegmentAnswer.class, status = 201, page = true)
    @POST
    @Consumes(MediaType.TEXT_PLAIN)
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response make(String text, @Auth Caller caller) {
        var made = texts.make(text, caller);
        var shown = jdbi.withHandle(handle -> answers.of(handle, made));
        return Response.status(Status.CREATED).entity(new Page<>(shown, null)).build();
    }
}
