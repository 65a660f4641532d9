package sojourn.app.segments;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import sojourn.app.segments.language.Needs;

/** The live dynamic segments, each after those it builds on. */
final class LiveSegments {

    private LiveSegments() {}

    /**
     * Those of these segments that are live. One whose query is not understood any more is left out: its next full
     * evaluation finds that out and says so.
     */
    static List<LiveSegment> read(Handle handle, Vocabulary.Words words, Collection<Integer> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        var found = new HashMap<String, LiveSegment>();
        var rows = handle.attach(SegmentDao.class)
                .getAll(ids.stream().mapToInt(Integer::intValue).toArray());
        for (var row : rows) {
            var query = row.query();
            if (row.isLive() && query != null) {
                words.parseIfUnderstood(query)
                        .ifPresent(parsed -> found.put(row.key(), new LiveSegment(row, parsed, Needs.of(parsed))));
            }
        }
        var ordered = new ArrayList<LiveSegment>();
        var seen = new HashSet<String>();
        rows.forEach(row -> add(row.key(), found, ordered, seen));
        return ordered;
    }

    /** Whether a segment that is evaluated, or an edit of one, builds on this one. */
    static boolean buildOn(Handle handle, Vocabulary.Words words, String key) {
        return handle.attach(SegmentDao.class).mentioning("segment").stream()
                .flatMap(segment -> References.queries(segment).stream())
                .anyMatch(query -> References.of(words, query).contains(key));
    }

    private static void add(String key, Map<String, LiveSegment> found, List<LiveSegment> ordered, Set<String> seen) {
        var segment = found.get(key);
        if (segment != null && seen.add(key)) {
            segment.needs().segments().forEach(named -> add(named, found, ordered, seen));
            ordered.add(segment);
        }
    }
}
