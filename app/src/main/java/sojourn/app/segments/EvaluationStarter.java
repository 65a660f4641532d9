package sojourn.app.segments;

import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.platform.Temporal;
import sojourn.workflows.segments.SegmentEvaluation;

/**
 * Sees to it that each live dynamic segment has its workflow, and that the workflow hears when something is due early.
 * The database knows what is due, so a Temporal that is down, or has lost everything, only delays.
 */
final class EvaluationStarter {

    /** How often even segments that are not due are given their workflow, should they have none. */
    private static final Duration SWEEP = Duration.ofMinutes(1);

    /** How long an evaluation may be due before its workflow is told again. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Jdbi jdbi;
    private final WorkflowClient temporal;
    private final InstantSource clock;
    private final Map<String, Told> told = new HashMap<>();
    private final Queue<String> changed = new ConcurrentLinkedQueue<>();
    private Instant nextSweep = Instant.EPOCH;

    EvaluationStarter(Jdbi jdbi, WorkflowClient temporal, InstantSource clock) {
        this.jdbi = jdbi;
        this.temporal = temporal;
        this.clock = clock;
    }

    /** What a workflow was told to evaluate, and when. */
    private record Told(Instant due, Instant at) {}

    /** Has a segment's workflow look at once at what became of the segment; by the loop, not the caller. */
    void changed(String segment) {
        changed.add(segment);
    }

    boolean run() {
        var now = clock.instant();
        for (var key = changed.poll(); key != null; key = changed.poll()) {
            signal(key, "definitionChanged");
        }
        var due = jdbi.withExtension(SegmentDao.class, segments -> segments.due(now));
        for (var segment : due) {
            tell(segment, now);
        }
        told.keySet().retainAll(due.stream().map(Segment::key).toList());
        if (!now.isBefore(nextSweep)) {
            jdbi.withExtension(SegmentDao.class, SegmentDao::evaluated).forEach(segment -> start(segment.key()));
            nextSweep = now.plus(SWEEP);
        }
        return false;
    }

    private void tell(Segment segment, Instant now) {
        var due = segment.nextEvaluationAt();
        var last = told.get(segment.key());
        if (due == null
                || (last != null
                        && last.due().equals(due)
                        && now.isBefore(last.at().plus(PATIENCE)))) {
            return;
        }
        if (start(segment.key()) || signal(segment.key(), "definitionChanged")) {
            told.put(segment.key(), new Told(due, now));
        }
    }

    /** Says whether there was no workflow; one that has just started looks at once. */
    private boolean start(String key) {
        var options = WorkflowOptions.newBuilder()
                .setWorkflowId(SegmentEvaluation.id(key))
                .setTaskQueue(Temporal.SEGMENTS)
                .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
                .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL)
                .setStaticSummary("Segment " + key + ": full evaluation when due")
                .build();
        try {
            temporal.newUntypedWorkflowStub("SegmentEvaluation", options).start(key);
            return true;
        } catch (WorkflowExecutionAlreadyStarted running) {
            return false;
        }
    }

    /** Says whether there is a workflow that heard; where there is none, the next round starts one if it is needed. */
    private boolean signal(String key, String name) {
        try {
            temporal.newUntypedWorkflowStub(SegmentEvaluation.id(key)).signal(name);
            return true;
        } catch (WorkflowNotFoundException ended) {
            return false;
        }
    }
}
