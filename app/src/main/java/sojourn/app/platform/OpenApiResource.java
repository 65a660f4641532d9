package sojourn.app.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.jaxrs2.Reader;
import io.swagger.v3.jaxrs2.ext.OpenAPIExtensions;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.integration.SwaggerConfiguration;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The API's description, made from the code that answers it. */
@Path("/openapi.json")
public final class OpenApiResource {

    static final String SCHEME = "apiKey";
    static final String USER_NAME_SCHEME = "apiKeyAsUserName";

    private final Supplier<Set<Class<?>>> resources;
    private @Nullable String description;

    OpenApiResource(Supplier<Set<Class<?>>> resources) {
        this.resources = resources;
    }

    @Operation(summary = "Describes the API as OpenAPI 3.1")
    @GET
    @PermitAll
    @Produces(MediaType.APPLICATION_JSON)
    public synchronized String get() throws JsonProcessingException {
        if (description == null) {
            description = Json31.mapper().writeValueAsString(describe(resources.get()));
        }
        return description;
    }

    private static OpenAPI describe(Set<Class<?>> resources) {
        var components = new Components()
                .addSecuritySchemes(
                        SCHEME,
                        new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer"))
                .addSecuritySchemes(
                        USER_NAME_SCHEME,
                        new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("basic"))
                .addSchemas("Problem", OpenApiOperations.problemSchema());
        var base = new OpenAPI(SpecVersion.V31)
                .openapi("3.1.0")
                .info(new Info()
                        .title("Sojourn")
                        .version("v1")
                        .description(
                                "Customer journeys that never lose their place. Guides, among them the language of segments and"
                                        + " the journey document: [/docs/guides/api.md](/docs/guides/api.md)."))
                .servers(List.of(new Server().url("/")))
                .components(components)
                .security(List.of(new SecurityRequirement().addList(SCHEME)));
        OpenApiTypes.use();
        var described = read(base, resources);
        OpenApiTags.give(described);
        described.setPaths(sorted(described.getPaths()));
        return described;
    }

    /** One at a time: whoever reads endpoints is registered for the whole process. */
    private static synchronized OpenAPI read(OpenAPI base, Set<Class<?>> resources) {
        var operations = new OpenApiOperations();
        var extensions = new ArrayList<>(OpenAPIExtensions.getExtensions());
        extensions.removeIf(OpenApiOperations.class::isInstance);
        extensions.addFirst(operations);
        OpenAPIExtensions.setExtensions(extensions);
        var described = new Reader(new SwaggerConfiguration().openAPI31(true).openAPI(base)).read(resources);
        operations.complete(described.getComponents());
        return described;
    }

    /** As people look for them, and the same each time. */
    private static Paths sorted(Paths paths) {
        var sorted = new Paths();
        new TreeMap<>(paths).forEach(sorted::addPathItem);
        return sorted;
    }
}
