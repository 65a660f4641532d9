package sojourn.app.segments;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A group of contacts.
 *
 * @param id the short key inside the house; {@code uuid} is the one that leaves it, as {@code id}
 * @param query text of the segment language; null when static
 * @param cause why the state is {@code error}
 * @param draft the edit beside a segment that is live, or was when the edit began
 * @param scope {@code organization}, {@code owner}, or the key of a business unit; see {@link Scopes}
 * @param evaluateEvery how often it is evaluated in full; null for the installation's setting
 * @param stoppedAt of what moment the membership is, of a segment that was stopped and is not live again yet
 * @param rescoped how often whom the scope means has changed since the last full evaluation
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
        List<String> tags,
        @Nullable External external,
        @Nullable Duration evaluateEvery,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy,
        @Nullable Instant firstLiveAt,
        @Nullable String firstLiveBy,
        @Nullable Instant stoppedAt,
        @Nullable Instant nextEvaluationAt,
        @JsonIgnore int rescoped,
        @JsonIgnore int version) {

    public Segment {
        tags = List.copyOf(tags);
    }

    /**
     * Where the members of a static segment come from, when another system sends them.
     *
     * @param url a page about it there
     */
    public record External(String source, @Nullable String url) {}

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
            String scope,
            List<String> tags,
            @Nullable External external,
            @Nullable Duration evaluateEvery,
            boolean saving,
            @Nullable String cause) {

        public Edit {
            tags = List.copyOf(tags);
        }

        static Edit of(Definition definition) {
            return new Edit(
                    definition.name(),
                    definition.description(),
                    ZoneId.of(definition.timeZone()),
                    definition.query() == null ? "" : definition.query(),
                    definition.owner(),
                    definition.scope(),
                    definition.tags(),
                    definition.external(),
                    definition.evaluateEvery(),
                    false,
                    null);
        }

        Definition definition() {
            return new Definition(
                    name, description, timeZone.getId(), query, owner, scope, tags, external, evaluateEvery);
        }

        Edit saving(boolean now, @Nullable String why) {
            return new Edit(name, description, timeZone, query, owner, scope, tags, external, evaluateEvery, now, why);
        }
    }

    Definition definition() {
        return new Definition(name, description, timeZone.getId(), query, owner, scope, tags, external, evaluateEvery);
    }

    @JsonIgnore
    public boolean isLive() {
        return state == SegmentState.LIVE;
    }

    @JsonIgnore
    public boolean isDynamic() {
        return kind == SegmentKind.DYNAMIC;
    }

    /** Whether it has members by its query now, or is about to. */
    @JsonIgnore
    public boolean isEvaluated() {
        return isDynamic() && (isLive() || state == SegmentState.GOING_LIVE);
    }
}
