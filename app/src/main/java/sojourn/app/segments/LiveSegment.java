package sojourn.app.segments;

import java.time.ZoneId;
import java.util.Objects;
import sojourn.app.segments.language.Needs;
import sojourn.app.segments.language.Query;

/** A live dynamic segment with its query understood. */
record LiveSegment(Segment segment, Query query, Needs needs) {

    /** Throws a {@link sojourn.app.segments.language.QueryException} when the query is not understood any more. */
    static LiveSegment of(Vocabulary.Words words, Segment segment) {
        var query = words.parse(Objects.requireNonNull(segment.query()));
        return new LiveSegment(segment, query, Needs.of(query));
    }

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
