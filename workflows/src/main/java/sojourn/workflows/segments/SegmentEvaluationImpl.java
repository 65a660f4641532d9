package sojourn.workflows.segments;

import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import sojourn.workflows.segments.SegmentActivities.Evaluated;

/** The one implementation of {@link SegmentEvaluation}. */
public final class SegmentEvaluationImpl implements SegmentEvaluation {

    /** Keeps histories short; a round is about ten events. */
    private static final int ROUNDS_BEFORE_NEW_HISTORY = 200;

    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

    private boolean lookNow;
    private boolean evaluateNow;

    @Override
    public void run(String segment) {
        var activities = Workflow.newActivityStub(SegmentActivities.class, options(segment));
        for (var round = 1; ; round++) {
            lookNow = false;
            var wanted = evaluateNow;
            evaluateNow = false;
            Workflow.setCurrentDetails("Evaluating segment **" + segment + "**");
            var evaluated = activities.evaluate(segment, wanted);
            var next = evaluated.next();
            if (next == null && lookNow) {
                // Stopped, and gone live again while we looked: who said so will not say it a second time soon.
                continue;
            }
            if (next == null) {
                Workflow.setCurrentDetails("Ended: " + evaluated.result());
                return;
            }
            if (!evaluateNow
                    && (round >= ROUNDS_BEFORE_NEW_HISTORY || Workflow.getInfo().isContinueAsNewSuggested())) {
                // Word of a change that was not yet looked at is covered: the new run begins by looking.
                Workflow.continueAsNew(segment);
            }
            waitUntil(segment, next, evaluated);
        }
    }

    @Override
    public void evaluateNow() {
        lookNow = true;
        evaluateNow = true;
    }

    @Override
    public void definitionChanged() {
        lookNow = true;
    }

    private void waitUntil(String segment, Instant next, Evaluated evaluated) {
        Workflow.setCurrentDetails("Segment **" + segment + "**: " + evaluated.result()
                + "\n\nWaiting for the next full evaluation at " + next + ", or for a signal");
        if (lookNow) {
            return;
        }
        var wait = Duration.between(Instant.ofEpochMilli(Workflow.currentTimeMillis()), next);
        // The evaluating process may have a clock a little behind: never spin until it has caught up.
        var pause = wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait;
        var scope = Workflow.newCancellationScope(inner -> {
            var due = timer(pause, "Next full evaluation at " + next);
            Workflow.await(() -> lookNow || due.isCompleted());
            inner.cancel();
        });
        scope.run();
    }

    /** Started inside the scope that cancels it, so that no timer is left when a signal comes first. */
    private static Promise<Void> timer(Duration wait, String summary) {
        var timer = Workflow.newTimer(
                wait, TimerOptions.newBuilder().setSummary(summary).build());
        // Called off, it ends in a failure that nobody asks for: the SDK would warn of each, with a stack trace.
        var _ = timer.handle((_, _) -> Boolean.TRUE);
        return timer;
    }

    private static ActivityOptions options(String segment) {
        return ActivityOptions.newBuilder()
                .setStartToCloseTimeout(Duration.ofHours(1))
                // So long a segment waits whose evaluation died with its process: not yet live, or an edit not yet
                // saved.
                .setHeartbeatTimeout(Duration.ofSeconds(10))
                .setRetryOptions(RetryOptions.newBuilder()
                        .setInitialInterval(Duration.ofSeconds(1))
                        .setMaximumInterval(Duration.ofMinutes(1))
                        .build())
                .setSummary("Evaluate " + segment)
                .build();
    }
}
