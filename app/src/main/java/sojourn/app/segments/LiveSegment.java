package sojourn.app.segments;

import java.time.ZoneId;
import sojourn.app.segments.language.Needs;
import sojourn.app.segments.language.Query;

/** A live dynamic segment with its query understood. */
record LiveSegment(Segment segment, Query query, Needs needs) {

    int id() {
        return segment.id();
    }

    String key() {
        return segment.key();
    }

    ZoneId zone() {
        return segment.timeZone();
    }
}
