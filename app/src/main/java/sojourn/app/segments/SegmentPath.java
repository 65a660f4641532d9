package sojourn.app.segments;

import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import sojourn.app.platform.Problem;

/** Finds the segment that a path names, by its key or its id. */
final class SegmentPath {

    private static final int LENGTH_OF_ID = 36;

    private SegmentPath() {}

    static Segment find(Handle handle, String reference) {
        var segments = handle.attach(SegmentDao.class);
        return segments.find(reference)
                .or(() -> uuid(reference).flatMap(segments::findByUuid))
                .orElseThrow(() -> Problem.notFound("segment", reference));
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return text.length() == LENGTH_OF_ID ? Optional.of(UUID.fromString(text)) : Optional.empty();
        } catch (IllegalArgumentException notAnId) {
            return Optional.empty();
        }
    }
}
