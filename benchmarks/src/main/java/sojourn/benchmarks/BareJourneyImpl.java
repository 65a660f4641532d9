package sojourn.benchmarks;

import io.temporal.activity.ActivityOptions;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Three sends, each followed by a wait; the branch between them needs nothing of Temporal. */
public final class BareJourneyImpl implements BareJourney {

    private final BareActivities email = Workflow.newActivityStub(
            BareActivities.class,
            ActivityOptions.newBuilder()
                    .setStartToCloseTimeout(Duration.ofMinutes(2))
                    .build());

    @Override
    public void run(String contact) {
        email.send(contact, "first");
        pause("the first wait");
        email.send(contact, "second");
        pause("the second wait");
        email.send(contact, "third");
        pause("the third wait");
    }

    private static void pause(String summary) {
        Workflow.newTimer(
                        Duration.ofSeconds(1),
                        TimerOptions.newBuilder().setSummary(summary).build())
                .get();
    }

    /** Waits to be woken, and is done. */
    public static final class WaitingImpl implements Waiting {

        /** How many have come to their wait; of use to the benchmark alone, which runs in the same process. */
        static final AtomicInteger WAITING = new AtomicInteger();

        private boolean woken;

        @Override
        public void run(String contact) {
            WAITING.incrementAndGet();
            Workflow.await(() -> woken);
        }

        @Override
        public void wake() {
            woken = true;
        }
    }
}
