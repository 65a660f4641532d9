package sojourn.app.segments;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Says who uses a segment. Features that do register one with {@link SegmentsFeature#usedBy}. */
@FunctionalInterface
public interface SegmentUse {

    /** The live users of a segment, as a person would name them, e.g. {@code journey win-back}. */
    List<String> of(Handle handle, String segment);
}
