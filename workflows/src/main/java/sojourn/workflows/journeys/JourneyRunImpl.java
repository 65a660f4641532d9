package sojourn.workflows.journeys;

import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.Priority;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Functions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.Instruction.Await;
import sojourn.workflows.journeys.Instruction.Call;
import sojourn.workflows.journeys.Instruction.Deliver;
import sojourn.workflows.journeys.Instruction.Finish;
import sojourn.workflows.journeys.Instruction.Hold;

/** Asks for one instruction after another and carries each out. Waits are timers that a signal interrupts. */
public final class JourneyRunImpl implements JourneyRun {

    static final RetryOptions FOR_EVER = RetryOptions.newBuilder()
            .setInitialInterval(Duration.ofSeconds(1))
            .setMaximumInterval(Duration.ofMinutes(1))
            .build();

    private int looks;
    private int looksDone;
    private @Nullable Wait wait;
    private final Story story = new Story();

    /** A running timer and the instruction it serves: an interruption that changes nothing leaves it running. */
    private record Wait(int visit, Instant until, Promise<Void> timer, CancellationScope scope) {}

    @Override
    public void lookAgain(@Nullable String because) {
        looks++;
    }

    @Override
    public String run(UUID run) {
        var next = advance(run, 0, null, "enters");
        while (true) {
            if (Workflow.getInfo().isContinueAsNewSuggested()) {
                Workflow.continueAsNew(run);
            }
            switch (next) {
                case Hold hold -> next = hold(run, hold.visit(), hold.tile(), hold.until(), hold.summary());
                case Await await -> next = hold(run, await.visit(), await.tile(), await.until(), await.summary());
                case Deliver deliver -> next = deliver(run, deliver);
                case Call call -> next = call(run, call);
                case Finish finish -> {
                    endWait();
                    story.tell(finish.summary(), null);
                    return finish.summary();
                }
            }
        }
    }

    private Instruction hold(UUID run, int visit, String tile, Instant until, String summary) {
        var waiting = wait;
        if (waiting == null || waiting.visit() != visit || !waiting.until().equals(until)) {
            endWait();
            waiting = startWait(visit, until, summary);
            wait = waiting;
        }
        story.tell(summary, until);
        var timer = waiting.timer();
        Workflow.await(() -> timer.isCompleted() || looks > looksDone);
        looksDone = looks;
        return timer.isCompleted()
                ? advance(run, visit, waiting.until(), tile + ": time is up")
                : advance(run, visit, null, tile + ": look again");
    }

    private static Wait startWait(int visit, Instant until, String summary) {
        var time = Duration.between(Instant.ofEpochMilli(Workflow.currentTimeMillis()), until);
        var timers = new Promise<?>[1];
        var scope = Workflow.newCancellationScope(() -> timers[0] = Workflow.newTimer(
                time.isNegative() ? Duration.ZERO : time,
                TimerOptions.newBuilder().setSummary(summary).build()));
        scope.run();
        @SuppressWarnings("unchecked")
        var timer = quiet((Promise<Void>) timers[0]);
        return new Wait(visit, until, timer, scope);
    }

    /** What is called off ends in a failure that nobody asks for: the SDK would warn of each, with a stack trace. */
    private static <T> Promise<T> quiet(Promise<T> promise) {
        var _ = promise.handle((_, _) -> Boolean.TRUE);
        return promise;
    }

    private void endWait() {
        if (wait != null && !wait.timer().isCompleted()) {
            wait.scope().cancel();
        }
        wait = null;
    }

    /** While the message waits to be sent, an exit still ends the run at once. */
    private Instruction deliver(UUID run, Deliver deliver) {
        endWait();
        story.tell(deliver.summary(), null);
        var send = sender(deliver);
        var sends = new Promise<?>[1];
        var scope = Workflow.newCancellationScope(() -> sends[0] = Async.function(send, run, deliver.visit()));
        scope.run();
        @SuppressWarnings("unchecked")
        var sending = quiet((Promise<Next>) sends[0]);
        while (true) {
            Workflow.await(() -> sending.isCompleted() || looks > looksDone);
            if (sending.isCompleted()) {
                return story.hear(sending.get());
            }
            looksDone = looks;
            var now = advance(run, deliver.visit(), null, deliver.tile() + ": look again");
            if (!(now instanceof Deliver again && again.visit() == deliver.visit())) {
                scope.cancel();
                return now;
            }
        }
    }

    /** The activity that sends messages of this kind; their names are in histories and so never change. */
    private static Functions.Func2<UUID, Integer, Next> sender(Deliver deliver) {
        var options = ActivityOptions.newBuilder()
                .setTaskQueue("channel-" + deliver.channel())
                // Longer than a sender insists on writing down what the provider answered; heartbeats tell of a dead
                // one
                // within seconds.
                .setStartToCloseTimeout(Duration.ofMinutes(10))
                .setHeartbeatTimeout(Duration.ofSeconds(20))
                .setRetryOptions(FOR_EVER)
                .setSummary(deliver.summary());
        if (deliver.priority() != null) {
            options.setPriority(
                    Priority.newBuilder().setPriorityKey(deliver.priority()).build());
        }
        return switch (deliver.kind()) {
            case "email" -> Workflow.newActivityStub(EmailActivities.class, options.build())::send;
            case "text" -> Workflow.newActivityStub(TextActivities.class, options.build())::send;
            case "push" -> Workflow.newActivityStub(PushActivities.class, options.build())::send;
            case "webhook" -> Workflow.newActivityStub(WebhookActivities.class, options.build())::send;
            default -> throw new IllegalArgumentException("Nothing sends messages of the kind " + deliver.kind());
        };
    }

    private Instruction call(UUID run, Call call) {
        endWait();
        story.tell(call.summary(), call.waits() ? call.until() : null);
        var answer = OtherWorkflow.call(call);
        var waiting = startWait(call.visit(), call.until(), call.summary());
        wait = waiting;
        while (true) {
            Workflow.await(() -> answer.isCompleted() || waiting.timer().isCompleted() || looks > looksDone);
            if (answer.isCompleted()) {
                endWait();
                return story.hear(
                        Workflow.newLocalActivityStub(CallActivities.class, local(call.tile() + " was answered"))
                                .answered(run, call.visit(), answer.get()));
            }
            looksDone = looks;
            var now = waiting.timer().isCompleted()
                    ? advance(run, call.visit(), waiting.until(), call.tile() + ": time is up")
                    : advance(run, call.visit(), null, call.tile() + ": look again");
            if (!(now instanceof Call again && again.visit() == call.visit())) {
                endWait();
                return now;
            }
        }
    }

    private Instruction advance(UUID run, int visit, @Nullable Instant due, String summary) {
        return story.hear(Workflow.newLocalActivityStub(JourneyActivities.class, local(summary))
                .advance(run, visit, due));
    }

    private static LocalActivityOptions local(String summary) {
        return LocalActivityOptions.newBuilder()
                .setStartToCloseTimeout(Duration.ofSeconds(30))
                .setRetryOptions(FOR_EVER)
                .setDoNotIncludeArgumentsIntoMarker(true)
                .setSummary(summary)
                .build();
    }
}
