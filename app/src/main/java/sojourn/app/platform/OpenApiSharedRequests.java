package sojourn.app.platform;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.parameters.Parameter;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where several methods take one request, by what it sends or accepts, the description has place for one operation, and
 * swagger keeps the one that it reads last. So each one that comes tells of those before it, too.
 */
final class OpenApiSharedRequests {

    private final Map<String, Operation> byRequest = new HashMap<>();

    void add(Operation operation, Method method) {
        var other = byRequest.put(request(method), operation);
        if (other != null) {
            merge(other, operation);
        }
    }

    private static String request(Method method) {
        var verb = Arrays.stream(method.getAnnotations())
                .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                .flatMap(Stream::ofNullable)
                .map(HttpMethod::value)
                .collect(Collectors.joining());
        var path = Stream.<AnnotatedElement>of(method.getDeclaringClass(), method)
                .map(place -> place.getAnnotation(Path.class))
                .flatMap(Stream::ofNullable)
                .map(Path::value)
                .collect(Collectors.joining("/"));
        return verb + " " + path;
    }

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
}
