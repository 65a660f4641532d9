package sojourn.workflows.journeys;

import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One contact's passage through one journey. Its id is {@code journey/{key}/contact/{contact UUID}/{number}}; it carries
 * ids only, all else is looked up where personal data may be.
 */
@WorkflowInterface
public interface JourneyRun {

    /** Carries the run to its end and says how it ended, e.g. {@code stopped: exit-interaction}. */
    @WorkflowMethod(name = "JourneyRun")
    String run(UUID run);

    /**
     * Tells the run that something may concern it.
     *
     * @param because what that is, for whoever reads the history; nothing hangs on it
     */
    @SignalMethod(name = "lookAgain", description = "Something may have happened to this run: look at PostgreSQL again")
    void lookAgain(@Nullable String because);
}
