package sojourn.app.messages;

import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/** A row of {@code message} with the content of its live version. */
public record MessageRow(
        int id,
        UUID uuid,
        String key,
        String channel,
        String state,
        @Json @Nullable MessageContent draft,
        @Nullable Integer liveVersion,
        @Json @Nullable MessageContent live,
        int version,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy) {

    MessageContent pending() {
        if (draft != null) {
            return draft;
        }
        if (live == null) {
            throw new IllegalStateException("Message " + key + " has neither a draft nor a live version");
        }
        return live;
    }

    Message toMessage() {
        var shown = live == null ? pending() : live;
        return new Message(
                uuid,
                key,
                channel,
                state,
                liveVersion,
                shown,
                live == null ? null : draft,
                createdAt,
                createdBy,
                updatedAt,
                updatedBy,
                version);
    }
}
