package sojourn.app.security;

import io.dropwizard.auth.AuthValueFactoryProvider;
import io.dropwizard.core.setup.Environment;
import java.security.Principal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.platform.Job;
import sojourn.app.platform.Jobs;

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

    /** Keeps who had which job cancelled. */
    private static void note(Handle handle, Job job, Principal by, Instant at) {
        var details = new TreeMap<String, Object>(Map.of("kind", job.kind()));
        if (job.subject() != null) {
            details.put("subject", job.subject());
        }
        var done = new AuditLog.Done("cancelled", "job", job.id().toString()).with(details);
        AuditLog.note(handle, at, Deed.of((Caller) by, null), done);
    }

    public void register(Environment environment, Jobs jobs) {
        jobs.onCancelling(SecurityFeature::note);
        environment.jersey().register(new AccessFeature(keys, limits));
        environment.jersey().register(new AuthValueFactoryProvider.Binder<>(Caller.class));
        environment.jersey().register(resource);
        environment.jersey().register(audit);
    }
}
