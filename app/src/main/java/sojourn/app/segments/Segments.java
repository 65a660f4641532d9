package sojourn.app.segments;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Finds segments for other features. */
public final class Segments {

    /** The segment of a key, whatever its state. */
    public Optional<Segment> find(Handle handle, String key) {
        return handle.attach(SegmentDao.class).find(key);
    }

    /** The segment of a key or a UUID; a problem when there is none. */
    public Segment require(Handle handle, String reference) {
        return SegmentReadings.find(handle, reference);
    }

    /** The segments of these ids, in the order of the ids; those that are gone are left out. */
    public List<Segment> findAll(Handle handle, Collection<Integer> ids) {
        return handle.attach(SegmentDao.class)
                .getAll(ids.stream().mapToInt(Integer::intValue).toArray());
    }
}
