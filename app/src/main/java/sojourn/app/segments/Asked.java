package sojourn.app.segments;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * A query that is asked about, saved or not, and the zone in which it counts days.
 *
 * @param segment whose query it is, now or after an edit; null when it is nobody's
 * @param scope whom it can have at all
 */
record Asked(
        @Nullable Segment segment,
        String query,
        ZoneId zone,
        String scope,
        @Nullable String owner) {

    /** A query that is nobody's. */
    static Asked of(String query, ZoneId zone) {
        return new Asked(null, query, zone, Scopes.ORGANIZATION, null);
    }

    /** What the segment is to have: the edit's query where there is an edit beside a live segment. */
    static Asked ofNext(Segment segment) {
        var draft = segment.draft();
        return draft == null
                ? of(segment)
                : new Asked(segment, draft.query(), draft.timeZone(), draft.scope(), draft.owner());
    }

    /** What the segment's membership follows; a static segment asks for its own members. */
    static Asked of(Segment segment) {
        var query = segment.query();
        return new Asked(
                segment,
                query == null ? "SEGMENT(" + segment.key() + ")" : query,
                segment.timeZone(),
                segment.scope(),
                segment.owner());
    }
}
