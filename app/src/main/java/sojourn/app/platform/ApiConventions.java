package sojourn.app.platform;

import jakarta.ws.rs.core.Feature;
import jakarta.ws.rs.core.FeatureContext;
import org.glassfish.jersey.server.ServerProperties;

/**
 * How the whole API behaves, whatever the endpoint: every error is a problem, bodies are there, are text that
 * PostgreSQL can keep, and are no larger than allowed; query parameters are those that the endpoint knows.
 */
public final class ApiConventions implements Feature {

    private final long maxBodyBytes;

    /** Bodies may have {@code maxBodyBytes}, save where an endpoint is {@link Streamed}. */
    public ApiConventions(long maxBodyBytes) {
        this.maxBodyBytes = maxBodyBytes;
    }

    @Override
    public boolean configure(FeatureContext context) {
        context.property(ServerProperties.WADL_FEATURE_DISABLE, true);
        context.property(ServerProperties.LOCATION_HEADER_RELATIVE_URI_RESOLUTION_DISABLED, true);
        context.register(new ProblemMapper());
        context.register(new JsonErrorMapper());
        context.register(new ViolationsMapper());
        context.register(new HttpErrorMapper());
        context.register(new DatabaseErrorMapper());
        context.register(new UnexpectedErrorMapper());
        context.register(new ProblemInstances());
        context.register(new Etags());
        context.register(new TextOnly());
        context.register(new KnownParameters());
        context.register(new BodyLimit(maxBodyBytes));
        context.register(new BodyReading());
        return true;
    }
}
