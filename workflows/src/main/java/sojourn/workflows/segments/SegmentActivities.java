package sojourn.workflows.segments;

import io.temporal.activity.ActivityInterface;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What segment evaluation asks of the world; runs on the task queue {@code segments}. */
@ActivityInterface(namePrefix = "Segment.")
public interface SegmentActivities {

    /**
     * Evaluates the segment in full if that is due by now, and says when it will be due again.
     *
     * @param now whether it is due whatever the schedule says, since somebody asked for it
     */
    Evaluated evaluate(String segment, boolean now);

    /**
     * How things stand after looking.
     *
     * @param next when a full evaluation is due again; null when the segment is evaluated no more
     * @param result what an operator reads about the last evaluation, e.g. {@code 18,231 members, 12 joined, 3 left}
     */
    record Evaluated(@Nullable Instant next, String result) {}
}
