package sojourn.app.platform;

import com.codahale.metrics.health.HealthCheckRegistry;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import java.util.TreeMap;

/** For whoever restarts processes and sends them requests: alive, and ready. Open, and silent about details. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class HealthResource {

    private final HealthCheckRegistry checks;

    HealthResource(HealthCheckRegistry checks) {
        this.checks = checks;
    }

    /** What every part says of itself. */
    record Health(String status, Map<String, Boolean> checks) {}

    @Operation(summary = "Says that the process is alive")
    @GET
    @Path("/healthz")
    @PermitAll
    public Health alive() {
        return new Health("alive", Map.of());
    }

    @Operation(summary = "Says whether the server can take requests; 503 when it cannot")
    @GET
    @Path("/readyz")
    @PermitAll
    public Health ready() {
        var healthy = new TreeMap<String, Boolean>();
        checks.runHealthChecks().forEach((name, result) -> {
            if (!name.equals("deadlocks")) {
                healthy.put(name, result.isHealthy());
            }
        });
        if (healthy.containsValue(false)) {
            healthy.values().removeIf(well -> well);
            throw new Problem(ProblemType.UNAVAILABLE, "Not ready yet: " + String.join(", ", healthy.keySet()));
        }
        return new Health("ready", healthy);
    }
}
