package sojourn.workflows.journeys;

import io.temporal.activity.ActivityOptions;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.payload.codec.PayloadCodecException;
import io.temporal.workflow.Async;
import io.temporal.workflow.ChildWorkflowCancellationType;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.CallWorkflow.Answer;

/**
 * A workflow of somebody else, a child so that its end is known at once. Its id is made of the run and the visit, and never
 * used again: a run that is rebuilt finds the one that it had started. It goes on by itself when the run does not.
 */
final class OtherWorkflow {

    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);

    private OtherWorkflow() {}

    static Promise<Answer> call(Instruction.Call call) {
        var child = Workflow.newUntypedChildWorkflowStub(
                call.workflow(),
                ChildWorkflowOptions.newBuilder()
                        .setWorkflowId(call.workflowId())
                        .setTaskQueue(call.taskQueue())
                        .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE)
                        .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON)
                        .setCancellationType(ChildWorkflowCancellationType.ABANDON)
                        .setStaticSummary(call.summary())
                        .build());
        var result = child.executeAsync(Object.class, call.input());
        if (!call.waits()) {
            return child.getExecution()
                    .handle((_, failure) -> new Answer(
                            failure == null || isThereAlready(failure) ? "started" : CallWorkflow.FAILED, null));
        }
        return result.handle((value, failure) -> {
                    failIfUnreadable(failure);
                    if (failure == null) {
                        return Workflow.newPromise(new Answer("completed", OtherResults.text(value)));
                    }
                    return isThereAlready(failure)
                            ? Async.function(() -> follow(call))
                            : Workflow.newPromise(new Answer(CallWorkflow.FAILED, null));
                })
                .thenCompose(answer -> answer);
    }

    /** An answer that our keys do not open is none: the step fails and is tried again, until somebody adds the key. */
    private static void failIfUnreadable(@Nullable Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PayloadCodecException unreadable) {
                throw unreadable;
            }
        }
    }

    private static boolean isThereAlready(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof WorkflowExecutionAlreadyStarted) {
                return true;
            }
        }
        return false;
    }

    private static Answer follow(Instruction.Call call) {
        var calls = Workflow.newActivityStub(
                CallActivities.class,
                ActivityOptions.newBuilder()
                        .setStartToCloseTimeout(Duration.ofSeconds(30))
                        .setRetryOptions(JourneyRunImpl.FOR_EVER)
                        .setSummary(call.summary())
                        .build());
        while (true) {
            var answer = calls.look(call.workflowId());
            if (answer != null) {
                return answer;
            }
            Workflow.sleep(BETWEEN_LOOKS);
        }
    }
}
