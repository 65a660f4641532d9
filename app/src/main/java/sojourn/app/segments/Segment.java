package sojourn.app.segments;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.ZoneId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A group of contacts.
 *
 * @param id the short key inside the house; {@code uuid} is the one that leaves it, as {@code id}
 * @param query text of the segment language; null when static
 * @param cause why the state is {@code error}
 * @param draft the edit beside a live segment
 */
public record Segment(
        @JsonIgnore int id,
        @JsonProperty("id") UUID uuid,
        String key,
        String name,
        @Nullable String description,
        SegmentKind kind,
        ZoneId timeZone,
        @Nullable String query,
        SegmentState state,
        @Nullable String cause,
        @Nullable Edit draft,
        @Nullable String owner,
        String scope,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy,
        @Nullable Instant firstLiveAt,
        @Nullable Instant nextEvaluationAt,
        @JsonIgnore int version) {

    /**
     * What is to become of a live segment.
     *
     * @param saving whether it was saved and becomes the segment with its next evaluation
     * @param cause why it could not be saved
     */
    public record Edit(
            String name,
            @Nullable String description,
            ZoneId timeZone,
            String query,
            @Nullable String owner,
            boolean saving,
            @Nullable String cause) {

        Edit saving(boolean now, @Nullable String why) {
            return new Edit(name, description, timeZone, query, owner, now, why);
        }
    }

    @JsonIgnore
    public boolean isLive() {
        return state == SegmentState.LIVE;
    }

    @JsonIgnore
    public boolean isDynamic() {
        return kind == SegmentKind.DYNAMIC;
    }
}
