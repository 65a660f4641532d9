package sojourn.app.security;

import io.dropwizard.auth.AuthValueFactoryProvider;
import io.dropwizard.core.setup.Environment;
import java.time.InstantSource;
import org.jdbi.v3.core.Jdbi;

/** The door of security: keys, the guard on every endpoint, and the log of who did what. */
public final class SecurityFeature {

    private final ApiKeys keys;
    private final RequestLimits limits;
    private final ApiKeysResource resource;
    private final AuditResource audit;

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
        this.audit = new AuditResource(jdbi);
    }

    public ApiKeys keys() {
        return keys;
    }

    public void register(Environment environment) {
        environment.jersey().register(new AccessFeature(keys, limits));
        environment.jersey().register(new AuthValueFactoryProvider.Binder<>(Caller.class));
        environment.jersey().register(resource);
        environment.jersey().register(audit);
    }
}
