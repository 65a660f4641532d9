package sojourn.app.platform;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.ValidationMethod;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.converter.CodecDataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.envconfig.ClientConfigProfile;
import io.temporal.serviceclient.WorkflowServiceStubs;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where Temporal is. What is not said here comes from Temporal's own environment configuration ({@code TEMPORAL_...}
 * variables and its TOML file), which is also the only place for keys and certificates.
 *
 * @param target host and port; null or empty: as the environment says, else 127.0.0.1:7233
 * @param namespace null or empty: as the environment says, else default
 * @param uiUrl where a person reads workflows; null or empty when there is no such page
 * @param workers whether this process runs workflows and activities, not only HTTP
 * @param drainTime how long tasks that run may go on when the process stops
 * @param encryption with which keys payloads are encrypted; null: they are not
 * @param work how much workers do at once; null: as is usual
 */
public record TemporalSettings(
        @Nullable String target,
        @Nullable String namespace,
        @Nullable String uiUrl,
        boolean workers,
        @NotNull Duration drainTime,
        @Nullable @Valid EncryptionSettings encryption,
        @Nullable @Valid WorkSettings work) {

    private static final Logger log = LoggerFactory.getLogger(TemporalSettings.class);

    @JsonIgnore
    @ValidationMethod(message = "uiUrl: an address like http://127.0.0.1:8233 would fit")
    public boolean isWithReadableUiUrl() {
        try {
            return uiUrl == null || uiUrl.isBlank() || TemporalUiOrigin.origin(uiUrl) != null;
        } catch (IllegalArgumentException unreadable) {
            return false;
        }
    }

    /** The same, running workflows and activities. */
    public TemporalSettings withWorkers() {
        return new TemporalSettings(target, namespace, uiUrl, true, drainTime, encryption, work);
    }

    /** Connects on first use: an unreachable Temporal keeps nothing from starting. */
    public Temporal connect() {
        var profile = profile();
        var keys = keys().ids();
        if (!keys.isEmpty()) {
            log.info("payloads are encrypted with the key {}, and read with {}", keys.getFirst(), keys);
        }
        var stubs = WorkflowServiceStubs.newServiceStubs(profile.toWorkflowServiceStubsOptions());
        var options = WorkflowClientOptions.newBuilder(profile.toWorkflowClientOptions())
                .setDataConverter(converter())
                .build();
        return new Temporal(
                WorkflowClient.newInstance(stubs, options),
                uiUrl == null || uiUrl.isBlank() ? null : uiUrl,
                workers,
                drainTime.toJavaDuration(),
                Objects.requireNonNullElse(work, WorkSettings.USUAL));
    }

    /** What the codec endpoints answer with. */
    public RemoteCodec codec() {
        return new RemoteCodec(new PayloadEncryption(keys()), profile().getNamespace());
    }

    /** Without keys too it says which key an encrypted payload lacks. Plain failures stay as people can read them. */
    private CodecDataConverter converter() {
        var keys = keys();
        return new CodecDataConverter(
                DefaultDataConverter.newDefaultInstance(),
                List.of(new PayloadEncryption(keys)),
                keys.first().isPresent());
    }

    private PayloadKeys keys() {
        return Objects.requireNonNullElse(encryption, EncryptionSettings.OFF).read();
    }

    private ClientConfigProfile profile() {
        try {
            var environment = ClientConfigProfile.load();
            return environment.toBuilder()
                    .setAddress(first(target, environment.getAddress(), "127.0.0.1:7233"))
                    .setNamespace(first(namespace, environment.getNamespace(), "default"))
                    .build();
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
