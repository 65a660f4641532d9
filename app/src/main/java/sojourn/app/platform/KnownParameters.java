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
import java.lang.reflect.AnnotatedElement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Refuses query parameters that an endpoint does not know, and yes-or-no ones that are neither true nor false: a misspelt
 * filter that is passed over answers about everything, and {@code force=yes} is not meant as no. Endpoints that anybody may
 * call are left alone, since what leads to them may add its own, as mail programs do.
 */
final class KnownParameters implements DynamicFeature {

    private static final Set<Class<?>> YES_OR_NO = Set.of(boolean.class, Boolean.class);

    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
        if (!resource.getResourceMethod().isAnnotationPresent(PermitAll.class)) {
            // Once it is known who asks and that they may, and before anything is remembered of the request.
            context.register(new Filter(known(resource)), Priorities.HEADER_DECORATOR);
        }
    }

    /** Types by name. */
    private static SortedMap<String, Class<?>> known(ResourceInfo resource) {
        var known = new TreeMap<String, Class<?>>();
        for (var parameter : resource.getResourceMethod().getParameters()) {
            name(parameter).ifPresent(name -> known.put(name, parameter.getType()));
            if (parameter.isAnnotationPresent(BeanParam.class)) {
                for (var field : parameter.getType().getDeclaredFields()) {
                    name(field).ifPresent(name -> known.put(name, field.getType()));
                }
            }
        }
        return known;
    }

    private static Optional<String> name(AnnotatedElement element) {
        return Optional.ofNullable(element.getAnnotation(QueryParam.class)).map(QueryParam::value);
    }

    private record Filter(SortedMap<String, Class<?>> known) implements ContainerRequestFilter {

        @Override
        public void filter(ContainerRequestContext request) {
            var errors = request.getUriInfo().getQueryParameters().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .flatMap(parameter -> errors(parameter.getKey(), parameter.getValue()))
                    .toList();
            if (!errors.isEmpty()) {
                throw Problem.invalid(errors);
            }
        }

        private Stream<ProblemError> errors(String name, List<String> values) {
            var type = known.get(name);
            if (type == null) {
                return Stream.of(unknown(name));
            }
            var fitting = fitting(type);
            return fitting.isEmpty() || fitting.containsAll(values)
                    ? Stream.empty()
                    : Stream.of(ProblemError.at(
                            "/" + JsonPointers.escape(name),
                            "unknown-value",
                            "`" + name + "` is one of " + String.join(", ", fitting)));
        }

        /** The only values that a parameter of the type may have; empty where there are too many to be listed. */
        private static List<String> fitting(Class<?> type) {
            if (YES_OR_NO.contains(type)) {
                return List.of("true", "false");
            }
            return type.isEnum()
                    ? Arrays.stream(type.getEnumConstants())
                            .map(String::valueOf)
                            .toList()
                    : List.of();
        }

        private ProblemError unknown(String name) {
            var names = known.keySet();
            var takes = names.isEmpty()
                    ? "no query parameters"
                    : names.stream().collect(Collectors.joining("`, `", "`", "`"));
            return ProblemError.at(
                    "/" + JsonPointers.escape(name),
                    "unknown-parameter",
                    "There is no query parameter `" + name + "` here" + Nearest.advice(name, names)
                            + "; this endpoint takes " + takes);
        }
    }
}
