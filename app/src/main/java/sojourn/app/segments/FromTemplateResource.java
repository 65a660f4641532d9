package sojourn.app.segments;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import sojourn.app.platform.Answers;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;

/** Makes segments of templates. */
@Path("/v1/segments/from-template")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class FromTemplateResource {

    private final SegmentTemplates templates;
    private final SegmentAnswers answers;

    FromTemplateResource(SegmentTemplates templates, SegmentAnswers answers) {
        this.templates = templates;
        this.answers = answers;
    }

    @Operation(summary = "Creates a draft segment from a template")
    @Answers(value = SegmentAnswer.class, status = 201)
    @POST
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response make(SegmentTemplates.@NotNull Wish wish, @Auth Caller caller) {
        return answers.created(templates.make(wish, Deed.of(caller, null)));
    }
}
