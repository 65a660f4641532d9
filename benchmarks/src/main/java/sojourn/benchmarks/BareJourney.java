package sojourn.benchmarks;

import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** What somebody would write by hand for one journey, with nothing of ours around it. */
@WorkflowInterface
public interface BareJourney {

    @WorkflowMethod(name = "BareJourney")
    void run(String contact);

    /** Waits to be woken, and is done. */
    @WorkflowInterface
    interface Waiting {

        @WorkflowMethod(name = "BareWaiting")
        void run(String contact);

        @SignalMethod(name = "wake")
        void wake();
    }
}
