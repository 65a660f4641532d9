package sojourn.app.journeys;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowServiceException;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.CallActivities;
import sojourn.workflows.journeys.CallWorkflow;
import sojourn.workflows.journeys.CallWorkflow.Answer;
import sojourn.workflows.journeys.Next;
import sojourn.workflows.journeys.OtherResults;

/** Tells runs what became of workflows that they had started. */
final class Calls implements CallActivities {

    private static final int PATIENCE_SECONDS = 10;

    private final RunAdvance advance;
    private final WorkflowClient client;

    Calls(RunAdvance advance, WorkflowClient client) {
        this.advance = advance;
        this.client = client;
    }

    @Override
    public Next answered(UUID run, int visit, Answer answer) {
        return advance.answered(run, visit, answer);
    }

    @Override
    public @Nullable Answer look(String workflowId) {
        try {
            var result = client.newUntypedWorkflowStub(workflowId)
                    .getResult(PATIENCE_SECONDS, TimeUnit.SECONDS, Object.class);
            return new Answer("completed", OtherResults.text(result));
        } catch (TimeoutException goingOn) {
            return null;
        } catch (WorkflowServiceException unheard) {
            // Temporal did not say, or what it said cannot be read: the next attempt asks again.
            throw unheard;
        } catch (WorkflowException failed) {
            return new Answer(CallWorkflow.FAILED, null);
        }
    }
}
