package sojourn.app.platform;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.core.setup.Environment;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;

/** Sets up the framework's HTTP side so that every answer, its own errors included, keeps to the API's conventions. */
public final class Http {

    private Http() {}

    /** Bodies may have {@code maxBodyBytes}, save where an endpoint is {@link Streamed}. */
    public static void install(Environment environment, ServerFactory server, ObjectMapper json, long maxBodyBytes) {
        if (server instanceof AbstractServerFactory factory) {
            factory.setRegisterDefaultExceptionMappers(false);
        }
        // With `uriCompliance` in config.yml: external ids and keys in paths may have any character, percent-encoded.
        environment.getApplicationContext().getServletHandler().setDecodeAmbiguousURIs(true);
        environment
                .servlets()
                .addFilter("trace", new RequestTrace())
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
        environment
                .servlets()
                .addFilter("rest-of-body", new RestOfBody(2 * maxBodyBytes))
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
        var errors = new JettyErrors(json);
        environment.lifecycle().addServerLifecycleListener(started -> started.setErrorHandler(errors));
        environment.jersey().register(new ApiConventions(maxBodyBytes));
    }
}
