package sojourn.app.journeys;

import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * The journeys that something cannot be taken from: live or ending ones of which the live version, or an older one that
 * contacts are still on, names it.
 */
final class JourneyUse {

    private JourneyUse() {}

    static List<String> ofSegment(Handle handle, String segment) {
        return naming(handle, "(select id from segment where key = ?) = any(v.segments)", segment);
    }

    static List<String> ofMessage(Handle handle, String message) {
        return naming(handle, """
                exists (select from json_each(v.document -> 'tiles') tile
                        where tile.value ->> 'type' = 'email' and tile.value ->> 'message' = ?)
                """, message);
    }

    /** {@code condition} is one of ours, over {@code journey_version v} and one key. */
    private static List<String> naming(Handle handle, String condition, String key) {
        return handle.select("""
                        select 'journey ' || j.key
                        from journey j
                        where j.state in ('live', 'paused', 'stopping', 'completing')
                          and exists (select from journey_version v
                                      where v.journey_id = j.id and %s
                                        and (v.version = j.live_version
                                             or exists (select from run r
                                                        where r.journey_id = j.id and r.version = v.version
                                                          and r.status in ('pending', 'active'))))
                        order by j.key
                        """.formatted(condition), key).mapTo(String.class).list();
    }
}
