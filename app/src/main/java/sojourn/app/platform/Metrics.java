package sojourn.app.platform;

import io.dropwizard.core.setup.Environment;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Everything that is measured, the JVM included, for Prometheus: {@code /metrics} on the admin port. */
public final class Metrics {

    private Metrics() {}

    public static void register(Environment environment) {
        var registry = new PrometheusRegistry();
        registry.register(new DropwizardExports(environment.metrics()));
        environment
                .admin()
                .addServlet("prometheus", new PrometheusMetricsServlet(registry))
                .addMapping("/metrics");
    }
}
