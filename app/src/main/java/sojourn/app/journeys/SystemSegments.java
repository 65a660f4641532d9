package sojourn.app.journeys;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;
import sojourn.app.segments.QuotaUse;
import sojourn.app.segments.SegmentQuota;
import sojourn.app.segments.SegmentQuota.Place;
import sojourn.app.segments.language.QueryException;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.Tile;

/**
 * What journeys have evaluated beside the segments that they name: an audience combined of several segments, and each
 * different condition that asks for several. Each takes a place of the quota while the journey is live or paused.
 */
final class SystemSegments implements QuotaUse {

    private final Conditions conditions;
    private volatile @Nullable SegmentQuota quota;

    SystemSegments(Conditions conditions) {
        this.conditions = conditions;
    }

    /** Public for the row mapper. */
    public record Row(String key, @Json JourneyDocument document) {}

    void countTowards(SegmentQuota limit) {
        quota = limit;
        limit.countsToo(this);
    }

    /** Refuses a document that needs more places than the one before has and are left. */
    void require(Handle handle, JourneyDocument next, @Nullable JourneyDocument before) {
        var limit = quota;
        var more = count(handle, next) - (before == null ? 0 : count(handle, before));
        if (limit != null && more > 0) {
            limit.require(handle, more);
        }
    }

    @Override
    public List<Place> of(Handle handle) {
        return handle.select("""
                        select j.key, v.document
                        from journey j
                        join journey_version v on v.journey_id = j.id and v.version = j.live_version
                        where j.state in ('goingLive', 'live', 'paused')
                        order by j.key
                        """).map(ConstructorMapper.of(Row.class)).list().stream()
                .flatMap(journey -> Collections.nCopies(
                        count(handle, journey.document()), new Place("journey", journey.key(), name(journey)))
                        .stream())
                .toList();
    }

    private static String name(Row journey) {
        var name = journey.document().name();
        return name == null ? journey.key() : name;
    }

    int count(Handle handle, JourneyDocument document) {
        var combined = Set.copyOf(document.audienceSegments()).size() > 1 ? 1 : 0;
        var asked = new HashSet<Object>();
        for (var tile : document.allTiles().values()) {
            asked.addAll(asked(handle, tile, document.triggerType()));
        }
        return combined + asked.size();
    }

    /** The conditions of a tile that ask for several segments; the same ones of two tiles are one. */
    private List<Object> asked(Handle handle, Tile tile, @Nullable String trigger) {
        var asked = new ArrayList<Object>();
        if (tile instanceof Tile.IfThen ifThen) {
            ifThen.all().stream()
                    .map(branch -> branch.any().stream()
                            .filter(condition -> condition.segment() != null)
                            .collect(Collectors.toSet()))
                    .filter(over -> over.stream()
                                    .map(Tile.Condition::segment)
                                    .distinct()
                                    .count()
                            > 1)
                    .forEach(asked::add);
        } else if (tile instanceof Tile.AttributeBranch branch) {
            branch.all().stream()
                    .map(Tile.Case::when)
                    .flatMap(Stream::ofNullable)
                    .filter(condition -> segments(handle, condition, trigger).size() > 1)
                    .forEach(asked::add);
        }
        return asked;
    }

    private Set<String> segments(Handle handle, String condition, @Nullable String trigger) {
        try {
            return conditions.segments(handle, condition, trigger);
        } catch (QueryException notUnderstood) {
            return Set.of();
        }
    }
}
