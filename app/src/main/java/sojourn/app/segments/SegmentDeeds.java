package sojourn.app.segments;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Job;
import sojourn.app.security.AuditLog;
import sojourn.app.security.Deed;

/** What the audit log says of segments. A query may name people, so none is in it. */
final class SegmentDeeds {

    static final String SEGMENT = "segment";
    static final String TEMPLATE = "segment-template";

    /** What stands for all segments. */
    private static final String ALL = "*";

    private SegmentDeeds() {}

    /** How members were picked. */
    enum How {
        HAND("hand"),
        QUERY("query"),
        IMPORT("import"),
        EXTERNAL("external");

        private final String word;

        How(String word) {
            this.word = word;
        }
    }

    static void note(Handle handle, Instant at, Deed deed, String action, String segment, Map<String, Object> details) {
        AuditLog.note(handle, at, deed, new AuditLog.Done(action, SEGMENT, segment).with(details));
    }

    static void created(Handle handle, Instant at, Deed deed, Segment segment, MadeFrom origin) {
        var details = new TreeMap<String, Object>(Map.of("kind", segment.kind().word()));
        if (origin.from() != null) {
            details.put("from", origin.from());
        }
        if (origin.of() != null) {
            details.put("of", origin.of());
        }
        note(handle, at, deed, "created", segment.key(), details);
    }

    static void edited(Handle handle, Instant at, Deed deed, Segment before, Segment after) {
        if (!before.key().equals(after.key())) {
            note(handle, at, deed, "renamed", before.key(), Map.of("to", after.key()));
        }
        // An edit beside the segment is none of the segment yet.
        note(handle, at, deed, "edited", after.key(), Map.of("beside", after.draft() != null));
    }

    static void evaluatedAll(Handle handle, Instant at, Deed deed, int segments) {
        if (segments > 0) {
            note(handle, at, deed, "evaluated", ALL, Map.of("segments", segments));
        }
    }

    /** Nothing when nobody joined or left. */
    static void membersChanged(
            Handle handle, Instant at, Deed deed, String segment, How how, StaticMembers.Result moved) {
        membersChanged(handle, at, deed, segment, how, moved.joined(), moved.left(), null);
    }

    /** The same for all that a job did before it ended. */
    static void membersChanged(Handle handle, @Nullable Deed kept, How how, Job job) {
        var segment = job.subject();
        var ended = job.endedAt();
        if (segment != null && ended != null) {
            var joined = job.result().getOrDefault("joined", 0L);
            var left = job.result().getOrDefault("left", 0L);
            membersChanged(handle, ended, Deed.of(job, kept), segment, how, joined, left, job.id());
        }
    }

    private static void membersChanged(
            Handle handle, Instant at, Deed deed, String segment, How how, long joined, long left, @Nullable UUID job) {
        if (joined + left > 0) {
            var details = new TreeMap<String, Object>(Map.of("how", how.word, "joined", joined, "left", left));
            if (job != null) {
                details.put("job", job);
            }
            note(handle, at, deed, "members-changed", segment, details);
        }
    }
}
