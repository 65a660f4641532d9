package sojourn.app.platform;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Refuses query parameters that an endpoint does not know: a misspelt filter that is passed over answers about everything.
 * Endpoints that anybody may call are left alone, since what leads to them may add its own, as mail programs do.
 */
final class KnownParameters implements DynamicFeature {

    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
        if (!resource.getResourceMethod().isAnnotationPresent(PermitAll.class)) {
            // Once it is known who asks and that they may, and before anything is remembered of the request.
            context.register(new Filter(names(resource)), Priorities.HEADER_DECORATOR);
        }
    }

    private static SortedSet<String> names(ResourceInfo resource) {
        var names = new TreeSet<String>();
        for (var parameter : resource.getResourceMethod().getParameters()) {
            Stream.ofNullable(parameter.getAnnotation(QueryParam.class))
                    .map(QueryParam::value)
                    .forEach(names::add);
            if (parameter.isAnnotationPresent(BeanParam.class)) {
                fields(parameter.getType()).forEach(names::add);
            }
        }
        return names;
    }

    private static Stream<String> fields(Class<?> bean) {
        return Arrays.stream(bean.getDeclaredFields())
                .filter(field -> field.isAnnotationPresent(QueryParam.class))
                .map(field -> field.getAnnotation(QueryParam.class).value());
    }

    private record Filter(SortedSet<String> known) implements ContainerRequestFilter {

        @Override
        public void filter(ContainerRequestContext request) {
            var errors = request.getUriInfo().getQueryParameters().keySet().stream()
                    .filter(name -> !known.contains(name))
                    .sorted()
                    .map(this::error)
                    .toList();
            if (!errors.isEmpty()) {
                throw Problem.invalid(errors);
            }
        }

        private ProblemError error(String name) {
            var takes = known.isEmpty() ? "no query parameters" : "`" + String.join("`, `", known) + "`";
            return ProblemError.at(
                    "/" + JsonPointers.escape(name),
                    "unknown-parameter",
                    "There is no query parameter `" + name + "` here" + Nearest.advice(name, known)
                            + "; this endpoint takes " + takes);
        }
    }
}
