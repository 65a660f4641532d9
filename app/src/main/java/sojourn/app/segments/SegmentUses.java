package sojourn.app.segments;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;
import sojourn.app.segments.SegmentUse.Use;

/** Who uses which segment: other segments, and the records of whatever features have said so. */
final class SegmentUses {

    private final List<SegmentUse> uses = new CopyOnWriteArrayList<>();

    void add(SegmentUse use) {
        uses.add(use);
    }

    /** What a segment is in use by: evaluated segments that build on it directly, and what other features say. */
    List<Use> of(Handle handle, Vocabulary.Words words, String key) {
        var users = new ArrayList<Use>();
        for (var segment : handle.attach(SegmentDao.class).evaluated()) {
            if (References.of(words, segment.query()).contains(key)) {
                users.add(new Use("segment", segment.key(), segment.name(), "query"));
            }
            var draft = segment.draft();
            if (draft != null && References.of(words, draft.query()).contains(key)) {
                users.add(new Use("segment", segment.key(), segment.name(), "edit"));
            }
        }
        users.addAll(outside(handle, key));
        users.sort(Comparator.comparing(Use::kind).thenComparing(Use::key));
        return users;
    }

    /** As a person would name them, each once: {@code journey win-back (audience, exclusion)}. */
    static String named(List<Use> users) {
        return users.stream()
                .collect(groupingBy(
                        user -> user.kind() + " " + user.key(), TreeMap::new, mapping(Use::role, joining(", "))))
                .entrySet()
                .stream()
                .map(user -> user.getKey() + " (" + user.getValue() + ")")
                .collect(joining(", "));
    }

    /** Evaluated segments that nothing uses: the largest first, and of these the oldest. */
    List<Unused> unused(Handle handle, Vocabulary.Words words, int most) {
        var evaluated = handle.attach(SegmentDao.class).evaluated();
        var built = new HashSet<String>();
        evaluated.forEach(segment -> built.addAll(References.of(words, segment.query())));
        var sizes = SegmentReadings.sizes(
                handle, evaluated.stream().map(Segment::id).toArray(Integer[]::new));
        return evaluated.stream()
                .filter(segment -> !built.contains(segment.key()))
                .map(segment -> new Unused(segment, sizes.getOrDefault(segment.id(), 0L)))
                .sorted(Comparator.comparingLong(Unused::size)
                        .reversed()
                        .thenComparing(unused -> unused.segment().createdAt()))
                .filter(unused -> outside(handle, unused.segment().key()).isEmpty())
                .limit(most)
                .toList();
    }

    record Unused(Segment segment, long size) {

        @Override
        public String toString() {
            return segment.key() + " (" + size + (size == 1 ? " member)" : " members)");
        }
    }

    private List<Use> outside(Handle handle, String key) {
        return uses.stream().flatMap(use -> use.of(handle, key).stream()).toList();
    }
}
