package sojourn.app.segments;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;

/** How much live evaluation there may be. What is not evaluated costs nothing. */
public final class SegmentQuota {

    private static final int MOST_ADVISED = 5;

    private final int limit;
    private final Vocabulary vocabulary;
    private final SegmentUses segmentUses;
    private final List<QuotaUse> uses = new CopyOnWriteArrayList<>();

    SegmentQuota(int limit, Vocabulary vocabulary, SegmentUses segmentUses) {
        this.limit = limit;
        this.vocabulary = vocabulary;
        this.segmentUses = segmentUses;
        uses.add(SegmentQuota::segments);
    }

    /** One place of the quota, and the record that takes it. */
    public record Place(String kind, String key, String name) {}

    /** How many places there are, and who has them. */
    public record Usage(int limit, int used, List<Place> by) {

        public Usage {
            by = List.copyOf(by);
        }
    }

    /** Lets another feature's records count. */
    public void countsToo(QuotaUse use) {
        uses.add(use);
    }

    public Usage usage(Handle handle) {
        var places = new ArrayList<Place>();
        uses.forEach(use -> places.addAll(use.of(handle)));
        return new Usage(limit, places.size(), places);
    }

    /**
     * Refuses what would take more places than are left. Until the caller's transaction ends nobody else takes one, so
     * that of two who want the last place one gets it.
     */
    public void require(Handle handle, int more) {
        Locks.definitions(handle);
        var used = usage(handle).used();
        if (more > 0 && used + more > limit) {
            throw new Problem(
                    ProblemType.QUOTA_EXCEEDED,
                    "Of the " + limit + " places for what is evaluated all the time " + used + " are taken, and this"
                            + " would take " + more + " more. " + advice(handle));
        }
    }

    private String advice(Handle handle) {
        var unused = segmentUses.unused(handle, vocabulary.read(handle), MOST_ADVISED);
        return unused.isEmpty()
                ? "GET /v1/segments/quota tells who has them"
                : unused.stream()
                        .map(SegmentUses.Unused::toString)
                        .collect(joining(", ", "Nothing uses these live segments, which could be stopped: ", ""));
    }

    private static List<Place> segments(Handle handle) {
        return handle.attach(SegmentDao.class).evaluated().stream()
                .map(segment -> new Place("segment", segment.key(), segment.name()))
                .toList();
    }
}
