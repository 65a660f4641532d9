package sojourn.app.platform;

import com.fasterxml.jackson.annotation.JsonView;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.jaxrs2.ResolvedParameter;
import io.swagger.v3.jaxrs2.ext.AbstractOpenAPIExtension;
import io.swagger.v3.jaxrs2.ext.OpenAPIExtension;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoints' annotations do not say to the reader by themselves: who may call, what is answered, and that errors are
 * problems. One is for one description.
 */
final class OpenApiOperations extends AbstractOpenAPIExtension {

    @SuppressWarnings("rawtypes") // As swagger has it.
    private final Map<String, Schema> schemas = new TreeMap<>();

    private final Map<String, Operation> byRequest = new HashMap<>();

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
        addAnswers(operation.getResponses(), method);
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
        var other = byRequest.put(request(method), operation);
        if (other != null) {
            merge(other, operation);
        }
        super.decorateOperation(operation, method, chain);
    }

    /** The statuses of what goes well, in place of swagger's {@code default}, which would mean all of them. */
    private void addAnswers(ApiResponses responses, Method method) {
        var said = method.getAnnotationsByType(Answers.class);
        var type = method.getReturnType();
        if (said.length == 0 && type == Response.class) {
            return;
        }
        var unnamed = responses.remove(ApiResponses.DEFAULT);
        for (var answer : said) {
            for (var status : answer.status()) {
                responses.addApiResponse(Integer.toString(status), described(status).content(content(answer, method)));
            }
        }
        if (type == void.class) {
            responses.addApiResponse("204", described(204));
        } else if (said.length == 0 && unnamed != null) {
            responses.addApiResponse("200", described(200).content(unnamed.getContent()));
        }
    }

    private static ApiResponse described(int status) {
        return new ApiResponse()
                .description(Response.Status.fromStatusCode(status).getReasonPhrase());
    }

    private Content content(Answers answer, Method method) {
        Type type = answer.page()
                ? Json31.mapper().getTypeFactory().constructParametricType(Page.class, answer.value())
                : answer.value();
        var resolved = ModelConverters.getInstance(true)
                .resolveAsResolvedSchema(new AnnotatedType(type).resolveAsRef(true));
        schemas.putAll(resolved.referencedSchemas);
        var content = new Content();
        for (var produced : produced(method)) {
            content.addMediaType(produced, new MediaType().schema(resolved.schema));
        }
        return content;
    }

    /** Without how much each is liked ({@code ;qs=0.2}), which is no part of the type. */
    private static List<String> produced(Method method) {
        var ofMethod = method.getAnnotation(Produces.class);
        var produces = ofMethod == null ? method.getDeclaringClass().getAnnotation(Produces.class) : ofMethod;
        return Arrays.stream(produces.value())
                .map(type -> type.replaceFirst(";qs=.*", ""))
                .toList();
    }

    private static String request(Method method) {
        var verb = Arrays.stream(method.getAnnotations())
                .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                .flatMap(Stream::ofNullable)
                .map(HttpMethod::value)
                .collect(Collectors.joining());
        var path = Stream.of(method.getDeclaringClass(), method)
                .map(place -> place.getAnnotation(Path.class))
                .flatMap(Stream::ofNullable)
                .map(Path::value)
                .collect(Collectors.joining("/"));
        return verb + " " + path;
    }

    /**
     * Where several methods take one request, by what it sends or accepts, the description has place for one operation, and
     * swagger keeps the one that it read last. That one is to tell of all.
     */
    private static void merge(Operation from, Operation into) {
        for (var parameter : from.getParameters() == null ? List.<Parameter>of() : from.getParameters()) {
            var known = into.getParameters() != null
                    && into.getParameters().stream()
                            .anyMatch(each -> each.getName().equals(parameter.getName())
                                    && each.getIn().equals(parameter.getIn()));
            if (!known) {
                into.addParametersItem(parameter);
            }
        }
        if (from.getRequestBody() != null) {
            if (into.getRequestBody() == null) {
                into.setRequestBody(from.getRequestBody());
            } else {
                var sent = into.getRequestBody();
                sent.setContent(union(from.getRequestBody().getContent(), sent.getContent()));
            }
        }
        from.getResponses().forEach((status, response) -> {
            var same = into.getResponses().putIfAbsent(status, response);
            if (same != null) {
                same.setContent(union(response.getContent(), same.getContent()));
            }
        });
    }

    /** In the order of their names, which begins with JSON where there is any. */
    private static Content union(@Nullable Content one, @Nullable Content other) {
        var all = new TreeMap<String, MediaType>();
        Stream.of(one, other).flatMap(Stream::ofNullable).forEach(all::putAll);
        var content = new Content();
        all.forEach(content::addMediaType);
        return content;
    }

    /** Has the description say what the answers are made of; once all endpoints were read. */
    void complete(Components components) {
        schemas.forEach(components::addSchemas);
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

    private static Schema<?> typed(String type) {
        return new Schema<>().types(Set.of(type));
    }
}
