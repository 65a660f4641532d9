package sojourn.app.segments;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Says who uses a segment. Features that do register one with {@link SegmentsFeature#usedBy}. */
@FunctionalInterface
public interface SegmentUse {

    /** The live users of a segment, once for each way in which they use it. */
    List<Use> of(Handle handle, String segment);

    /**
     * A record that uses a segment.
     *
     * @param kind what it is, e.g. {@code journey}
     * @param role how it uses the segment, e.g. {@code exclusion}; see {@code docs/api.md} for all there are
     */
    record Use(String kind, String key, String name, String role) {}
}
