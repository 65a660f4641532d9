package sojourn.app.segments;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import sojourn.workflows.segments.SegmentActivities;

/** Evaluates segments when their workflow says so. What is due is decided by the database, so repeats do nothing. */
final class EvaluatingSegmentActivities implements SegmentActivities {

    private static final Duration HEARTBEAT = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final Jdbi jdbi;
    private final SegmentLifecycle lifecycle;
    private final FullEvaluation evaluation;

    EvaluatingSegmentActivities(Jdbi jdbi, SegmentLifecycle lifecycle, FullEvaluation evaluation) {
        this.jdbi = jdbi;
        this.lifecycle = lifecycle;
        this.evaluation = evaluation;
    }

    @Override
    public Evaluated evaluate(String segment, boolean now) {
        var over = new CountDownLatch(1);
        var context = Activity.getExecutionContext();
        Thread.ofVirtual().name("heartbeat-" + segment).start(() -> heartbeat(context, over));
        try {
            if (now) {
                lifecycle.evaluateIfLive(segment);
            }
            while (!evaluation.runIfDue(segment)) {
                // Somebody audits it, with others: soon it is not due any more, or free again.
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            over.countDown();
        }
        return look(segment);
    }

    private Evaluated look(String key) {
        return jdbi.withHandle(handle -> {
            var segment = handle.attach(SegmentDao.class).find(key);
            if (segment.isEmpty()) {
                return new Evaluated(null, "the segment was deleted");
            }
            var id = segment.get().id();
            var last =
                    SegmentReadings.lastEvaluations(handle, new Integer[] {id}).get(id);
            var result = last == null
                    ? "not evaluated yet"
                    : "%,d members after the %s evaluation at %s, %,d joined, %,d left, drift %,d"
                            .formatted(last.size(), last.kind(), last.at(), last.joined(), last.left(), last.drift());
            if (segment.get().isLive() && segment.get().cause() != null) {
                result += "; the last attempt failed: " + segment.get().cause();
            }
            return segment.get().isLive() || segment.get().state() == SegmentState.GOING_LIVE
                    ? new Evaluated(segment.get().nextEvaluationAt(), result)
                    : new Evaluated(
                            null, "the segment is " + segment.get().state().word() + "; " + result);
        });
    }

    /** While one long statement runs, Temporal is told that this process lives. */
    private static void heartbeat(ActivityExecutionContext context, CountDownLatch over) {
        try {
            while (!over.await(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                context.heartbeat(null);
            }
        } catch (ActivityCompletionException notWantedAnyMore) {
            // The evaluation ends by itself and does no harm.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
