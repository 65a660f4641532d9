package sojourn.app.platform;

import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What endpoints answer when all is well: by their return type, and where that says nothing by {@link Answers}. */
final class OpenApiAnswers {

    @SuppressWarnings("rawtypes") // As swagger has it.
    private final Map<String, Schema> schemas = new TreeMap<>();

    /** The statuses of what goes well, in place of swagger's {@code default}, which would mean all of them. */
    void add(ApiResponses responses, Method method) {
        var said = method.getAnnotationsByType(Answers.class);
        var type = method.getReturnType();
        if (said.length == 0 && type == Response.class) {
            return;
        }
        var unnamed = responses.remove(ApiResponses.DEFAULT);
        for (var answer : said) {
            for (var status : answer.status()) {
                responses.addApiResponse(
                        Integer.toString(status), described(status).content(content(answer, method)));
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
        var resolved =
                ModelConverters.getInstance(true).resolveAsResolvedSchema(new AnnotatedType(type).resolveAsRef(true));
        schemas.putAll(resolved.referencedSchemas);
        var content = new Content();
        for (var produced : produced(method)) {
            content.addMediaType(produced, new MediaType().schema(resolved.schema));
        }
        return content;
    }

    /** Without how much each is liked ({@code ;qs=0.2}), which is no part of the type. */
    private static List<String> produced(Method method) {
        return Stream.<AnnotatedElement>of(method, method.getDeclaringClass())
                .map(place -> place.getAnnotation(Produces.class))
                .flatMap(Stream::ofNullable)
                .limit(1)
                .flatMap(produces -> Arrays.stream(produces.value()))
                .map(type -> type.replaceFirst(";qs=.*", ""))
                .toList();
    }

    /** Has the description say what the answers are made of; once all endpoints were read. */
    void complete(Components components) {
        schemas.forEach(components::addSchemas);
    }
}
