package sojourn.app.segments;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import sojourn.app.platform.Answers;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;

/** Keeps segments as templates. */
@Path("/v1/segments/{segment}/save-as-template")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class SaveAsTemplateResource {

    private final SegmentTemplates templates;

    SaveAsTemplateResource(SegmentTemplates templates) {
        this.templates = templates;
    }

    @Operation(summary = "Keeps a segment's query as a template")
    @Answers(value = SegmentTemplate.class, status = 201)
    @POST
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response save(
            @PathParam("segment") String segment, @NotNull @Valid NewTemplate template, @Auth Caller caller) {
        var saved = templates.save(segment, template, Deed.of(caller, null));
        return Response.created(URI.create("/v1/segment-templates/" + saved.key()))
                .entity(saved)
                .build();
    }
}
