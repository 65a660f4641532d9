package sojourn.app.platform;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.envconfig.ClientConfigProfile;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import jakarta.validation.constraints.NotBlank;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Where Temporal is. TLS, API key and whatever else a connection may need come from Temporal's own environment
 * variables and profile file ({@code TEMPORAL_TLS_...}, {@code TEMPORAL_API_KEY}, {@code TEMPORAL_CONFIG_FILE}).
 *
 * @param ui where a person reads workflows; empty or null when there is no such page
 * @param workers whether this process runs workflows and activities
 */
public record TemporalSettings(
        @NotBlank String address,
        @NotBlank String namespace,
        @Nullable String ui,
        boolean workers) {

    /** Connects on first use: an unreachable Temporal keeps nothing from starting. */
    public Temporal connect() {
        try {
            var profile = ClientConfigProfile.load();
            var stubs = WorkflowServiceStubs.newServiceStubs(
                    WorkflowServiceStubsOptions.newBuilder(profile.toWorkflowServiceStubsOptions())
                            .setTarget(address)
                            .validateAndBuildWithDefaults());
            var client = WorkflowClient.newInstance(
                    stubs,
                    WorkflowClientOptions.newBuilder(profile.toWorkflowClientOptions())
                            .setNamespace(namespace)
                            .validateAndBuildWithDefaults());
            return new Temporal(client, ui == null || ui.isBlank() ? null : ui, workers);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("Temporal's profile file cannot be read", unreadable);
        }
    }
}
