package sojourn.app.journeys;

import java.time.Instant;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.JourneyDocument;

/**
 * What a version of a journey says.
 *
 * @param version null for the pending edit, like {@code liveAt} and {@code liveBy}
 */
public record VersionDocument(
        @Nullable Integer version,
        @Nullable Instant liveAt,
        @Nullable String liveBy,
        boolean current,
        @Json JourneyDocument document) {

    static VersionDocument draft(JourneyDocument document) {
        return new VersionDocument(null, null, null, false, document);
    }
}
