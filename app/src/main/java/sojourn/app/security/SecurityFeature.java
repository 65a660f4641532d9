package sojourn.app.security;

import io.dropwizard.auth.AuthValueFactoryProvider;
import io.dropwizard.core.setup.Environment;
import java.time.InstantSource;
import org.jdbi.v3.core.Jdbi;

/** The door of security: keys, and the guard on every endpoint. */
public final class SecurityFeature {

    private final ApiKeys keys;
    private final RequestLimits limits;
    private final ApiKeysResource resource;

    /**
     * Makes the guard.
     *
     * @param requestsPerSecond how many each key may send to this process; 0 for any number
     * @param requestsAtOnce how many after a pause
     */
    public SecurityFeature(Jdbi jdbi, InstantSource clock, int requestsPerSecond, int requestsAtOnce) {
        this.keys = new ApiKeys(jdbi, clock);
        this.limits = new RequestLimits(requestsPerSecond, requestsAtOnce, clock);
        this.resource = new ApiKeysResource(keys, jdbi, clock);
    }

    public ApiKeys keys() {
        return keys;
    }

    public void register(Environment environment) {
        environment.jersey().register(new AccessFeature(keys, limits));
        environment.jersey().register(new AuthValueFactoryProvider.Binder<>(Caller.class));
        environment.jersey().register(resource);
    }
}
