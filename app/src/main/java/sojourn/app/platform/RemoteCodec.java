package sojourn.app.platform;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import io.temporal.payload.codec.PayloadCodec;
import jakarta.validation.constraints.NotNull;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Temporal's remote codec protocol: what its UI and its command line ask to be encrypted, or to read what is. */
public final class RemoteCodec {

    /** The header in which they say whose payloads these are. */
    public static final String NAMESPACE = "X-Namespace";

    private final PayloadCodec codec;
    private final @Nullable String namespace;

    /** @param namespace whose payloads these keys open; null for any */
    RemoteCodec(PayloadCodec codec, @Nullable String namespace) {
        this.codec = codec;
        this.namespace = namespace;
    }

    /** Payloads in their JSON form. Fields that later versions of Temporal may add are passed over. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Payloads(@NotNull List<Coded> payloads) implements PersonalAnswer {

        /** Nobody can tell whom they are about. */
        @Override
        public @Nullable UUID contactId() {
            return null;
        }
    }

    /** One of them: all values are base64, of either alphabet. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Coded(
            @Nullable Map<String, String> metadata,
            @Nullable String data) {}

    public Payloads encode(Payloads wanted, @Nullable String ofNamespace) {
        return each(wanted, ofNamespace, codec::encode);
    }

    /** A payload that cannot be opened makes a problem, which names the key; what was never encrypted stays as it is. */
    public Payloads decode(Payloads wanted, @Nullable String ofNamespace) {
        return each(wanted, ofNamespace, codec::decode);
    }

    private Payloads each(Payloads wanted, @Nullable String ofNamespace, UnaryOperator<List<Payload>> way) {
        // The command line sends an empty one where it was told none.
        var said = ofNamespace != null && !ofNamespace.isEmpty();
        if (namespace != null && said && !namespace.equals(ofNamespace)) {
            throw Problem.invalid(
                    "/" + NAMESPACE, "other-namespace", "The keys here are of the namespace " + namespace + " only");
        }
        var done = new ArrayList<Coded>();
        var faults = new ArrayList<ProblemError>();
        for (var index = 0; index < wanted.payloads().size(); index++) {
            var pointer = "/payloads/" + index;
            try {
                var payload =
                        payload(Objects.requireNonNullElse(wanted.payloads().get(index), new Coded(null, null)));
                way.apply(List.of(payload)).forEach(answer -> done.add(coded(answer)));
            } catch (UnreadablePayload unreadable) {
                faults.add(ProblemError.at(pointer, unreadable.code(), String.valueOf(unreadable.getMessage())));
            } catch (IllegalArgumentException notBase64) {
                faults.add(ProblemError.at(pointer, "not-base64", "data and the values of metadata must be base64"));
            }
        }
        if (!faults.isEmpty()) {
            throw Problem.invalid(faults);
        }
        return new Payloads(done);
    }

    private static Payload payload(Coded coded) {
        var payload = Payload.newBuilder();
        if (coded.metadata() != null) {
            coded.metadata().forEach((name, value) -> payload.putMetadata(name, bytes(value)));
        }
        return payload.setData(bytes(coded.data())).build();
    }

    private static ByteString bytes(@Nullable String base64) {
        var standard = base64 == null ? "" : base64.replace('-', '+').replace('_', '/');
        return ByteString.copyFrom(Base64.getDecoder().decode(standard));
    }

    private static Coded coded(Payload payload) {
        var metadata = payload.getMetadataMap().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, value -> base64(value.getValue())));
        return new Coded(metadata, base64(payload.getData()));
    }

    private static String base64(ByteString bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
