package sojourn.app.journeys;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.json.Json;
import sojourn.app.segments.SegmentUse;
import sojourn.app.segments.language.QueryException;
import sojourn.workflows.journeys.JourneyDocument;

/**
 * The journeys that something cannot be taken from: live or ending ones of which the live version, or an older one that
 * contacts are still on, names it.
 */
final class JourneyUse {

    private JourneyUse() {}

    /** Once for each way in which any such version of a journey uses the segment. */
    static List<SegmentUse.Use> ofSegment(Handle handle, String segment, Conditions conditions) {
        return naming(handle, "(select id from segment where key = ?) = any(v.segments)", segment).stream()
                .flatMap(version -> SegmentRoles.of(
                                version.document(),
                                segment,
                                condition -> names(handle, conditions, version.document(), condition, segment))
                        .stream()
                        .map(role -> new SegmentUse.Use("journey", version.key(), version.name(), role)))
                .distinct()
                .toList();
    }

    /** A condition that is not understood any more, since something else that it names is gone, is passed over. */
    private static boolean names(
            Handle handle, Conditions conditions, JourneyDocument document, String condition, String segment) {
        try {
            return conditions
                    .segments(handle, condition, document.triggerType())
                    .contains(segment);
        } catch (QueryException notUnderstood) {
            return false;
        }
    }

    static List<String> ofMessage(Handle handle, String message) {
        return versions(handle).stream()
                .filter(version -> version.document().messages().contains(message))
                .map(version -> "journey " + version.key())
                .distinct()
                .toList();
    }

    /** A version that names it; public for the row mapper. */
    public record Version(String key, String name, @Json JourneyDocument document) {}

    /** Every version that something cannot be taken from. */
    static List<Version> versions(Handle handle) {
        return naming(handle, "true");
    }

    /** {@code condition} is one of ours, over {@code journey_version v} and these keys. */
    private static List<Version> naming(Handle handle, String condition, String... keys) {
        return handle.select("""
                        select j.key, coalesce(live.document ->> 'name', j.key) as name, v.document
                        from journey j
                        join journey_version live on live.journey_id = j.id and live.version = j.live_version
                        join journey_version v on v.journey_id = j.id
                        where j.state in ('goingLive', 'live', 'paused', 'stopping', 'completing', 'error')
                          and %s
                          and (v.version = j.live_version
                               or exists (select from run r
                                          where r.journey_id = j.id and r.version = v.version
                                            and r.status in ('pending', 'active')))
                        order by j.key, v.version desc
                        """.formatted(condition), (Object[]) keys)
                .map(ConstructorMapper.of(Version.class))
                .list();
    }
}
