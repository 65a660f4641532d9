package sojourn.workflows.journeys;

import io.temporal.activity.ActivityInterface;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a run needs to call workflows of somebody else. */
@ActivityInterface(namePrefix = "Call.")
public interface CallActivities {

    /** Leaves the visit whose workflow has answered, and says what to do now; harmless to repeat. */
    Next answered(UUID run, int visit, CallWorkflow.Answer answer);

    /** What became of a workflow that was started before; null while it is going on. */
    CallWorkflow.@Nullable Answer look(String workflowId);
}
