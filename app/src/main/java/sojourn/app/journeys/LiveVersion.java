package sojourn.app.journeys;

import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.JourneyDocument.SegmentExit;

/**
 * An immutable version of a journey, with what its document names resolved.
 *
 * @param listens interaction types of the exits
 * @param goal interaction type of the goal
 * @param segmentIds of every segment that the document names, by key
 */
record LiveVersion(
        int journeyId,
        String key,
        int version,
        JourneyDocument document,
        ZoneId zone,
        List<String> listens,
        @Nullable String goal,
        Map<String, Integer> segmentIds) {

    /** How fast its limits let contacts in. */
    EntryPace pace() {
        return new EntryPace(document.limits(), zone);
    }

    List<Integer> audience() {
        return ids(document.audienceSegments());
    }

    List<Integer> excluded() {
        return ids(document.excluded());
    }

    /** Null when the journey has no suppression segment. */
    @Nullable
    Integer suppression() {
        return document.suppressionSegment() == null ? null : segmentIds.get(document.suppressionSegment());
    }

    /** The segments whose joining, or whose leaving, is an exit. */
    List<Integer> exits(Function<SegmentExit, @Nullable String> way) {
        return ids(document.exitSegments().stream()
                .map(way)
                .filter(Objects::nonNull)
                .toList());
    }

    List<Integer> ids(List<String> keys) {
        return keys.stream()
                .flatMap(key -> Stream.ofNullable(segmentIds.get(key)))
                .toList();
    }
}
