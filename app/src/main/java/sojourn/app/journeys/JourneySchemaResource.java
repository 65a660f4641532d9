package sojourn.app.journeys;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import sojourn.app.security.Role;

/** The journey document's JSON Schema, for editors and whoever checks documents before sending them. */
@Path("/v1/journeys")
@Produces(MediaType.APPLICATION_JSON)
public final class JourneySchemaResource {

    private final Map<String, Object> schema = JourneySchema.make();

    @Operation(summary = "Reads the JSON Schema of journey documents")
    @GET
    @Path("/schema")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Map<String, Object> get() {
        return schema;
    }
}
