package sojourn.app.platform;

import com.fasterxml.jackson.annotation.JsonView;
import io.swagger.v3.jaxrs2.ResolvedParameter;
import io.swagger.v3.jaxrs2.ext.AbstractOpenAPIExtension;
import io.swagger.v3.jaxrs2.ext.OpenAPIExtension;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.Context;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoints' annotations do not say to the reader by themselves: who may call, what is answered, and that errors are
 * problems. One is for one description.
 */
final class OpenApiOperations extends AbstractOpenAPIExtension {

    private final OpenApiAnswers answers = new OpenApiAnswers();
    private final OpenApiSharedRequests shared = new OpenApiSharedRequests();

    @Override
    public ResolvedParameter extractParameters(
            List<Annotation> annotations,
            Type type,
            Set<Type> typesToSkip,
            Components components,
            @Nullable Consumes classConsumes,
            @Nullable Consumes methodConsumes,
            boolean includeRequestBody,
            @Nullable JsonView jsonView,
            Iterator<OpenAPIExtension> chain) {
        if (annotations.stream().anyMatch(BeanParam.class::isInstance)) {
            var resolved = new ResolvedParameter();
            resolved.parameters.addAll(OpenApiParameters.ofBean(type));
            return resolved;
        }
        var given = annotations.stream()
                .anyMatch(annotation -> annotation instanceof Context
                        || annotation.annotationType().getSimpleName().equals("Auth"));
        return given
                ? new ResolvedParameter()
                : super.extractParameters(
                        annotations,
                        type,
                        typesToSkip,
                        components,
                        classConsumes,
                        methodConsumes,
                        includeRequestBody,
                        jsonView,
                        chain);
    }

    @Override
    public void decorateOperation(Operation operation, Method method, Iterator<OpenAPIExtension> chain) {
        var roles = method.getAnnotation(RolesAllowed.class);
        if (roles != null) {
            operation.setDescription("Roles: " + String.join(", ", roles.value()) + ".");
        }
        if (method.isAnnotationPresent(PermitAll.class)) {
            operation.setSecurity(List.of());
        }
        if (method.isAnnotationPresent(KeyAsUserName.class)) {
            operation.setSecurity(List.of(
                    new SecurityRequirement().addList(OpenApiResource.SCHEME),
                    new SecurityRequirement().addList(OpenApiResource.USER_NAME_SCHEME)));
        }
        if (operation.getResponses() == null) {
            operation.setResponses(new ApiResponses());
        }
        answers.add(operation.getResponses(), method);
        operation.getResponses().addApiResponse("4XX", problem("A problem (RFC 9457)"));
        if (roles != null) {
            operation
                    .getResponses()
                    .addApiResponse(
                            "429",
                            problem("The key is over its limit")
                                    .addHeaderObject("Retry-After", header("integer", "Seconds until the next request"))
                                    .addHeaderObject("RateLimit", header("string", "What is left"))
                                    .addHeaderObject("RateLimit-Policy", header("string", "What the limit is")));
        }
        OpenApiParameters.explain(operation);
        shared.add(operation, method);
        super.decorateOperation(operation, method, chain);
    }

    /** Has the description say what answers are made of; once all endpoints were read. */
    void complete(Components components) {
        answers.complete(components);
    }

    private static ApiResponse problem(String description) {
        var schema = new Schema<>().$ref("#/components/schemas/Problem");
        return new ApiResponse()
                .description(description)
                .content(new Content().addMediaType(ProblemBody.MEDIA_TYPE.toString(), new MediaType().schema(schema)));
    }

    private static Header header(String type, String description) {
        return new Header().description(description).schema(typed(type));
    }

    static Schema<?> problemSchema() {
        var error = typed("object")
                .addProperty("pointer", typed("string"))
                .addProperty("code", typed("string"))
                .addProperty("detail", typed("string"))
                .addProperty("line", typed("integer"))
                .addProperty("column", typed("integer"));
        return typed("object")
                .addProperty("type", typed("string"))
                .addProperty("title", typed("string"))
                .addProperty("status", typed("integer"))
                .addProperty("detail", typed("string"))
                .addProperty("instance", typed("string"))
                .addProperty("traceId", typed("string"))
                .addProperty("errors", typed("array").items(error));
    }

    static Schema<?> typed(String type) {
        return new Schema<>().types(Set.of(type));
    }
}
