package sojourn.app.segments;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Answers;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;

/** Makes segments like others. */
@Path("/v1/segments/{segment}/copy")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class SegmentCopyResource {

    private final SegmentCopies copies;
    private final SegmentAnswers answers;

    SegmentCopyResource(SegmentCopies copies, SegmentAnswers answers) {
        this.copies = copies;
        this.answers = answers;
    }

    record Copy(@Nullable String key, @Nullable String name) {}

    @Operation(summary = "Creates a draft like a segment, or a static segment with the same members")
    @Answers(value = SegmentAnswer.class, status = 201)
    @POST
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response copy(@PathParam("segment") String segment, @NotNull Copy wanted, @Auth Caller caller) {
        return answers.created(copies.copy(segment, wanted.key(), wanted.name(), Deed.of(caller, null)));
    }
}
