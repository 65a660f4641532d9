package sojourn.app.platform;

import com.codahale.metrics.health.HealthCheck;
import com.codahale.metrics.health.HealthCheckRegistry;
import io.dropwizard.core.setup.Environment;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Jdbi;

/** What has to be well for this process to be sent requests: at {@code /readyz}, and on the admin port for workers. */
public final class Health {

    private Health() {}

    public static void register(Environment environment, Jdbi jdbi, Temporal temporal) {
        var checks = environment.healthChecks();
        check(
                checks,
                "database",
                () -> jdbi.withHandle(handle ->
                                handle.select("select 1").mapTo(Integer.class).one())
                        == 1);
        check(checks, "migrations", new ShapeCheck(jdbi));
        check(checks, "temporal", temporal::ready);
        environment.jersey().register(new HealthResource(checks));
    }

    static void check(HealthCheckRegistry checks, String name, BooleanSupplier well) {
        checks.register(name, new HealthCheck() {
            @Override
            protected Result check() {
                return well.getAsBoolean() ? Result.healthy() : Result.unhealthy("not ready");
            }
        });
    }
}
