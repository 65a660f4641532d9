package sojourn.app.journeys;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.mapper.reflect.ColumnName;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.JourneyDocument;

/**
 * A journey as the API shows it.
 *
 * @param version the live version's number, null before the first go live
 * @param document of the live version; before the first go live, the draft
 * @param draft the edit beside a live version, null when there is none
 * @param startsAt when it begins by itself, of a live version; {@code endsAt} when it ends
 * @param iteration how many iterations of a recurring one have begun, null of any other; the next begins at
 *     {@code nextIterationAt}
 * @param resuming how far the end of its pause is: the runs whose deadlines are moved; null when none is ending
 * @param moving how far runs are that are being moved to the live version; null when none are
 * @param revision counts every change of the record: its ETag
 */
public record Journey(
        @JsonIgnore @ColumnName("id") int number,
        @JsonProperty("id") @ColumnName("uuid") UUID uuid,
        String key,
        JourneyState state,
        @Nullable String cause,
        @ColumnName("live_version") @Nullable Integer version,
        @Json JourneyDocument document,
        @Json @Nullable JourneyDocument draft,
        @JsonIgnore @ColumnName("version") int revision,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy,
        @Nullable Instant liveAt,
        @Nullable Instant endedAt,
        @Nullable Instant startsAt,
        @Nullable Instant endsAt,
        @Nullable Integer iteration,
        @Nullable Instant nextIterationAt,
        @Json @Nullable Progress resuming,
        @Json @Nullable Progress moving) {

    /** What the next go live would publish. */
    JourneyDocument next() {
        return draft == null ? document : draft;
    }
}
