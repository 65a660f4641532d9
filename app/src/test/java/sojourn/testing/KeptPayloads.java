package sojourn.testing;

import com.google.protobuf.Message;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.SearchAttributes;
import io.temporal.api.failure.v1.Failure;
import io.temporal.api.history.v1.MarkerRecordedEventAttributes;
import io.temporal.common.WorkflowExecutionHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a history holds of ours, as Temporal keeps it. */
public final class KeptPayloads {

    private static final String KEY_ID = "encryption-key-id";

    /** What the SDK itself notes of a local activity: which it was, when, how often it was tried. */
    private static final Set<String> OF_THE_SDK = Set.of("activityId", "type", "time", "meta");

    private KeptPayloads() {}

    /**
     * Payloads and messages of failures that anybody can read; without search attributes and notes of the SDK, which
     * everybody always can.
     */
    public static List<String> plain(WorkflowExecutionHistory history) {
        var plain = new ArrayList<String>();
        messages(history.getHistory()).forEach(message -> {
            if (message instanceof Payload payload && !payload.containsMetadata(KEY_ID)) {
                plain.add(payload.getData().toStringUtf8());
            }
            if (message instanceof Failure failure && !failure.getMessage().equals("Encoded failure")) {
                plain.add(failure.getMessage());
            }
        });
        return plain;
    }

    /** The ids of the keys that payloads were encrypted with. */
    public static List<String> keys(WorkflowExecutionHistory history) {
        return encrypted(history)
                .map(payload -> payload.getMetadataOrThrow(KEY_ID).toStringUtf8())
                .distinct()
                .sorted()
                .toList();
    }

    public static Stream<Payload> encrypted(WorkflowExecutionHistory history) {
        return messages(history.getHistory())
                .filter(Payload.class::isInstance)
                .map(Payload.class::cast)
                .filter(payload -> payload.containsMetadata(KEY_ID));
    }

    /** A message and all that are in it. */
    private static Stream<Message> messages(Message whole) {
        if (whole instanceof SearchAttributes) {
            return Stream.of();
        }
        if (whole instanceof MarkerRecordedEventAttributes marker) {
            var ours = new TreeMap<>(marker.getDetailsMap());
            ours.keySet().removeAll(OF_THE_SDK);
            return Stream.concat(
                    ours.values().stream().flatMap(KeptPayloads::messages),
                    marker.hasFailure() ? messages(marker.getFailure()) : Stream.of());
        }
        var inside = whole.getAllFields().values().stream()
                .flatMap(value -> value instanceof List<?> list ? list.stream() : Stream.of(value))
                .filter(Message.class::isInstance)
                .flatMap(value -> messages((Message) value));
        return Stream.concat(Stream.of(whole), inside);
    }
}
