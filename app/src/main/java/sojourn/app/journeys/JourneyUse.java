package sojourn.app.journeys;

import java.util.List;
import org.jdbi.v3.core.Handle;
import sojourn.app.segments.SegmentUse;

/** The journeys that a segment cannot be taken from: live or ending ones whose live version names it. */
final class JourneyUse implements SegmentUse {

    @Override
    public List<String> of(Handle handle, String segment) {
        return handle.select("""
                        select 'journey ' || j.key
                        from journey j
                        join journey_version v on v.journey_id = j.id and v.version = j.live_version
                        where j.state in ('live', 'paused', 'stopping', 'completing')
                          and (select id from segment where key = ?) = any(v.segments)
                        order by j.key
                        """, segment).mapTo(String.class).list();
    }
}
