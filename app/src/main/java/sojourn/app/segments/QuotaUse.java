package sojourn.app.segments;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Says what else is evaluated all the time. Features that have such register one with {@link SegmentQuota#countsToo}. */
@FunctionalInterface
public interface QuotaUse {

    /** What takes a place each, in any order. */
    List<SegmentQuota.Place> of(Handle handle);
}
