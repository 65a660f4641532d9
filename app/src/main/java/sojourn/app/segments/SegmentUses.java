package sojourn.app.segments;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;

/** Who uses which segment: other segments, and the records of whatever features have said so. */
final class SegmentUses {

    private final References references;
    private final List<SegmentUse> uses = new CopyOnWriteArrayList<>();

    SegmentUses(References references) {
        this.references = references;
    }

    void add(SegmentUse use) {
        uses.add(use);
    }

    /** The live users of a segment, as a person would name them, in order. */
    List<String> of(Handle handle, Vocabulary.Words words, String key) {
        var users = new ArrayList<>(references.builtOn(handle, words, key));
        users.addAll(outside(handle, key));
        return users.stream().sorted().toList();
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

    private List<String> outside(Handle handle, String key) {
        return uses.stream().flatMap(use -> use.of(handle, key).stream()).toList();
    }
}
