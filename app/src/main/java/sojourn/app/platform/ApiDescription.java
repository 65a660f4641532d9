package sojourn.app.platform;

import io.dropwizard.core.setup.Environment;
import jakarta.ws.rs.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code /openapi.json} and {@code /docs}, of whatever resources are registered. */
public final class ApiDescription {

    private ApiDescription() {}

    public static void register(Environment environment) {
        environment.jersey().register(new OpenApiResource(() -> resources(environment)));
        environment.jersey().register(new DocsResource());
        environment.jersey().register(new GuidesResource());
    }

    private static Set<Class<?>> resources(Environment environment) {
        var registered = environment.jersey().getResourceConfig();
        return Stream.<Class<?>>concat(
                        registered.getInstances().stream().map(Object::getClass), registered.getClasses().stream())
                .filter(type -> type.isAnnotationPresent(Path.class))
                .collect(Collectors.toSet());
    }
}
