package sojourn.app.contacts;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Versions;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;

/** Makes one contact of two. */
@Path("/v1/contacts/{contact}/merge")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class ContactMergeResource {

    private final ContactMerge merge;

    ContactMergeResource(ContactMerge merge) {
        this.merge = merge;
    }

    /** @param loser the contact that goes, by its UUID or {@code external:} and its external id */
    record Loser(@NotBlank String loser) {}

    /** Merges another contact into this one, which is the answer. */
    @Operation(summary = "Merges another contact into this one, for good")
    @Answers(Contact.class)
    @POST
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response merge(
            @PathParam("contact") String contact,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @NotNull @Valid Loser body,
            @Auth Caller caller) {
        var winner = merge.merge(
                Reference.toContact(contact), ContactMerge.loser(body.loser()), ifMatch, Deed.of(caller, null));
        return Response.ok(winner)
                .header(HttpHeaders.ETAG, Versions.etag(winner.version()))
                .build();
    }
}
