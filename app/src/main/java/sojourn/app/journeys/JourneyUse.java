package sojourn.app.journeys;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** The journeys that something cannot be taken from: live or ending ones whose live version names it. */
final class JourneyUse {

    private JourneyUse() {}

    static List<String> ofSegment(Handle handle, String segment) {
        return handle.select("""
                        select 'journey ' || j.key
                        from journey j
                        join journey_version v on v.journey_id = j.id and v.version = j.live_version
                        where j.state in ('live', 'paused', 'stopping', 'completing')
                          and (select id from segment where key = ?) = any(v.segments)
                        order by j.key
                        """, segment).mapTo(String.class).list();
    }

    static List<String> ofMessage(Handle handle, String message) {
        return handle.select("""
                        select 'journey ' || j.key
                        from journey j
                        join journey_version v on v.journey_id = j.id and v.version = j.live_version
                        where j.state in ('live', 'paused', 'stopping', 'completing')
                          and exists (select from json_each(v.document -> 'tiles') tile
                                      where tile.value ->> 'type' = 'email' and tile.value ->> 'message' = ?)
                        order by j.key
                        """, message).mapTo(String.class).list();
    }
}
