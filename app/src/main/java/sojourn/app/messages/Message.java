package sojourn.app.messages;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message as the API shows it.
 *
 * @param state {@code draft}, {@code live} or {@code stopped}
 * @param liveVersion the version that deliveries use, or used last; null before the first go live
 * @param content of the live version; before the first go live, the draft
 * @param draft the edit that the next go live would publish; null when there is none
 * @param revision counts the changes of this record, for its ETag
 */
record Message(
        UUID id,
        String key,
        String channel,
        String state,
        @JsonProperty("version") @Nullable Integer liveVersion,
        @JsonUnwrapped MessageContent content,
        @Nullable MessageContent draft,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy,
        @JsonIgnore int revision) {

    static final String DRAFT = "draft";
    static final String LIVE = "live";
    static final String STOPPED = "stopped";

    /** What the next go live would publish. */
    MessageContent pending() {
        return draft == null ? content : draft;
    }
}
