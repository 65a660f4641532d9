package sojourn.workflows.segments;

import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Evaluates one dynamic segment in full whenever that is due, for as long as the segment is live. Its id is {@code
 * segment/} and the segment's key.
 */
@WorkflowInterface
public interface SegmentEvaluation {

    /** Ends when the segment is evaluated no more. */
    @WorkflowMethod(name = "SegmentEvaluation")
    void run(String segment);

    /** Somebody wants a full evaluation, whenever the next is due. */
    @SignalMethod(name = "evaluateNow", description = "Evaluate the segment in full now")
    void evaluateNow();

    /** The segment was edited or stopped, or is due earlier than planned. */
    @SignalMethod(
            name = "definitionChanged",
            description = "The segment was edited or stopped, or is due earlier than planned: look at once")
    void definitionChanged();

    /** The workflow's id for a segment. */
    static String id(String segment) {
        return "segment/" + segment;
    }
}
