package sojourn.app.platform;

import io.dropwizard.util.Duration;
import io.temporal.client.WorkflowClient;
import io.temporal.envconfig.ClientConfigProfile;
import io.temporal.serviceclient.WorkflowServiceStubs;
import jakarta.validation.constraints.NotNull;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Where Temporal is. What is not said here comes from Temporal's own environment configuration ({@code TEMPORAL_...}
 * variables and its TOML file), which is also the only place for keys and certificates.
 *
 * @param target host and port; null or empty: as the environment says, else 127.0.0.1:7233
 * @param namespace null or empty: as the environment says, else default
 * @param uiUrl where a person reads workflows; null or empty when there is no such page
 * @param workers whether this process runs workflows and activities, not only HTTP
 * @param drainTime how long tasks that run may go on when the process stops
 */
public record TemporalSettings(
        @Nullable String target,
        @Nullable String namespace,
        @Nullable String uiUrl,
        boolean workers,
        @NotNull Duration drainTime) {

    /** The same, running workflows and activities. */
    public TemporalSettings withWorkers() {
        return new TemporalSettings(target, namespace, uiUrl, true, drainTime);
    }

    /** Connects on first use: an unreachable Temporal keeps nothing from starting. */
    public Temporal connect() {
        try {
            var environment = ClientConfigProfile.load();
            var profile = environment.toBuilder()
                    .setAddress(first(target, environment.getAddress(), "127.0.0.1:7233"))
                    .setNamespace(first(namespace, environment.getNamespace(), "default"))
                    .build();
            var stubs = WorkflowServiceStubs.newServiceStubs(profile.toWorkflowServiceStubsOptions());
            var client = WorkflowClient.newInstance(stubs, profile.toWorkflowClientOptions());
            return new Temporal(
                    client, uiUrl == null || uiUrl.isBlank() ? null : uiUrl, workers, drainTime.toJavaDuration());
        } catch (IOException unreadable) {
            throw new UncheckedIOException("Temporal's profile file cannot be read", unreadable);
        }
    }

    private static String first(@Nullable String one, @Nullable String other, String last) {
        if (one != null && !one.isBlank()) {
            return one;
        }
        return other == null || other.isBlank() ? last : other;
    }
}
