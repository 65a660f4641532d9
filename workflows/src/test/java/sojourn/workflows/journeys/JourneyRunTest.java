package sojourn.workflows.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.activity.Activity;
import io.temporal.api.sdk.v1.WorkflowMetadata;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The workflow alone, over activities that follow a script; {@code -Dhistories.record=true} writes its histories anew. */
class JourneyRunTest {

    private static final UUID RUN = UUID.fromString("0193a7c2-0000-7000-8000-000000000001");

    private static final CallWorkflow.Caller CALLER =
            new CallWorkflow.Caller(RUN, "win-back", 1, UUID.fromString("0193a7c2-0000-7000-8000-000000000002"));

    private final TestWorkflowEnvironment temporal = TestWorkflowEnvironment.newInstance();
    private final Script script = new Script();

    @BeforeEach
    void start() {
        var journeys = temporal.newWorker("journeys");
        journeys.registerWorkflowImplementationTypes(JourneyRunImpl.class);
        journeys.registerActivitiesImplementations((JourneyActivities) script::advance, script);
        temporal.newWorker("scoring").registerWorkflowImplementationTypes(Scoring.class);
        temporal.newWorker("channel-email").registerActivitiesImplementations((EmailActivities) script::send);
        temporal.newWorker("channel-text-us").registerActivitiesImplementations((TextActivities) script::sendElse);
        temporal.newWorker("channel-push").registerActivitiesImplementations((PushActivities) script::sendElse);
        temporal.newWorker("channel-webhook").registerActivitiesImplementations((WebhookActivities) script::sendElse);
        temporal.start();
    }

    @AfterEach
    void stop() {
        temporal.close();
    }

    @Test
    void a_wait_of_five_days_ends_when_its_time_has_come() throws IOException {
        script.answers(
                now -> new Instruction.Hold(1, "wait", now.plus(Duration.ofDays(5)), "5 days"),
                now -> new Instruction.Finish("completed", "completed"));

        assertThat(start("hold").run(RUN)).isEqualTo("completed: completed");

        assertThat(script.calls).containsExactly("advance 0", "advance 1 due");
        record("hold");
    }

    @Test
    void a_signal_that_changes_nothing_leaves_the_timer_and_one_that_does_ends_the_wait() throws IOException {
        var until = Instant.ofEpochMilli(temporal.currentTimeMillis()).plus(Duration.ofDays(5));
        script.answers(
                now -> new Instruction.Await(1, "opened", until, "EmailOpened"),
                now -> new Instruction.Await(1, "opened", until, "EmailOpened"),
                now -> new Instruction.Finish("stopped", "exit-interaction"));
        var run = start("await");
        temporal.registerDelayedCallback(Duration.ofDays(1), () -> run.lookAgain("EmailOpened"));
        temporal.registerDelayedCallback(Duration.ofDays(2), () -> run.lookAgain(null));

        assertThat(run.run(RUN)).isEqualTo("stopped: exit-interaction");

        assertThat(script.calls).containsExactly("advance 0", "advance 1", "advance 1");
        record("await");
        assertThat(history("await").getEvents().stream()
                        .filter(event -> event.hasTimerStartedEventAttributes())
                        .count())
                .isEqualTo(1);
    }

    @Test
    void the_page_of_a_run_says_where_it_is_what_comes_next_and_how_it_came_there() throws IOException {
        var until = Instant.ofEpochMilli(temporal.currentTimeMillis()).plus(Duration.ofDays(5));
        script.answers(
                now -> new Next.Explained(
                        List.of("remind: sent, 2026-11-30T09:00:00Z"),
                        List.of("opened", "the end"),
                        new Instruction.Hold(2, "wait", until, "5 days")),
                now -> new Next.Explained(
                        List.of("wait: waited, 2026-12-05T09:00:00Z"),
                        List.of(),
                        new Instruction.Finish("failed", "provider-refused")));
        var pages = new ArrayList<String>();
        temporal.registerDelayedCallback(Duration.ofDays(1), () -> pages.add(details("explained")));

        start("explained").run(RUN);
        pages.add(details("explained"));

        assertThat(pages)
                .containsExactly(
                        "**wait: wait 5 days**, until " + until + " at the latest\n\n"
                                + "Then: opened or the end\n\n"
                                + "So far:\n\n- remind: sent, 2026-11-30T09:00:00Z",
                        "**failed: provider-refused**\n\n"
                                + "So far:\n\n- remind: sent, 2026-11-30T09:00:00Z\n- wait: waited, 2026-12-05T09:00:00Z");
        record("explained");
    }

    @Test
    void a_message_that_cannot_be_sent_is_tried_again_until_it_is() throws IOException {
        script.answers(now -> new Instruction.Deliver(1, "remind", "email", "remind: email we-miss-you"));
        script.sends(
                () -> {
                    throw ApplicationFailure.newFailure("down", "Unavailable");
                },
                () -> new Instruction.Finish("completed", "completed"));

        assertThat(start("deliver").run(RUN)).isEqualTo("completed: completed");

        assertThat(script.calls).containsExactly("advance 0", "send 1", "send 1");
        record("deliver");
    }

    @Test
    void an_exit_ends_a_run_whose_message_waits_for_its_provider() throws IOException {
        script.answers(
                now -> new Instruction.Deliver(1, "remind", "email", "remind: email we-miss-you"),
                now -> new Instruction.Finish("stopped", "exit-interaction"));
        script.sends(() -> {
            throw ApplicationFailure.newFailureWithCauseAndDelay("down", "Unavailable", null, Duration.ofDays(1));
        });
        var run = start("exit-while-sending");
        WorkflowClient.start(run::run, RUN);
        temporal.sleep(Duration.ofHours(1));

        run.lookAgain("Purchase");

        assertThat(WorkflowStub.fromTyped(run).getResult(String.class)).isEqualTo("stopped: exit-interaction");
        record("exit-while-sending");
    }

    @Test
    void each_kind_of_message_is_an_activity_of_its_own_on_the_queue_of_its_channel() throws IOException {
        script.answers(now -> new Instruction.Deliver(1, "nudge", "text-us", "nudge: text short", "text", 1));
        script.sends(
                () -> new Instruction.Deliver(2, "tap", "push", "tap: push new"),
                () -> new Instruction.Deliver(3, "crm", "webhook", "crm: webhook POST"),
                () -> new Instruction.Finish("completed", "completed"));

        assertThat(start("channels").run(RUN)).isEqualTo("completed: completed");

        assertThat(script.calls)
                .containsExactly(
                        "advance 0",
                        "Text.Send 1 on channel-text-us",
                        "Push.Send 2 on channel-push",
                        "Webhook.Send 3 on channel-webhook");
        record("channels");
    }

    @Test
    void a_called_workflow_is_started_once_and_a_run_that_is_rebuilt_finds_what_became_of_it() throws IOException {
        script.answers(this::call);
        assertThat(start("call").run(RUN)).isEqualTo("completed: completed");
        record("call");

        script.answers(this::call);
        assertThat(start("call-again").run(RUN)).isEqualTo("completed: completed");

        assertThat(script.calls)
                .containsExactly(
                        "advance 0",
                        "answered 1 completed good",
                        "advance 0",
                        "look call/" + RUN + "/1",
                        "answered 1 completed as before");
    }

    @Test
    void a_workflow_that_takes_too_long_is_left_to_itself() throws IOException {
        script.answers(
                now -> new Instruction.Call(
                        1, "score", "ScoreContact", "scoring", true, now.plus(Duration.ofMinutes(1)), CALLER),
                now -> new Instruction.Finish("completed", "too late"));

        assertThat(start("call-too-long").run(RUN)).isEqualTo("completed: too late");

        assertThat(script.calls).containsExactly("advance 0", "advance 1 due");
        record("call-too-long");
    }

    private Instruction call(Instant now) {
        return new Instruction.Call(1, "score", "ScoreContact", "scoring", true, now.plus(Duration.ofDays(1)), CALLER);
    }

    /** Somebody else's workflow. */
    @WorkflowInterface
    public interface ScoreContact {
        @WorkflowMethod(name = "ScoreContact")
        String score(Map<String, Object> call);
    }

    public static final class Scoring implements ScoreContact {
        @Override
        public String score(Map<String, Object> call) {
            Workflow.sleep(Duration.ofHours(1));
            return "score".equals(call.get("tile")) ? "good" : "bad";
        }
    }

    @Test
    void histories_of_older_code_still_replay() throws Exception {
        for (var name : List.of(
                "hold", "await", "explained", "deliver", "exit-while-sending", "channels", "call", "call-too-long")) {
            WorkflowReplayer.replayWorkflowExecutionFromResource(
                    "histories/journey-run-" + name + ".json", JourneyRunImpl.class);
        }
    }

    private JourneyRun start(String id) {
        return temporal.getWorkflowClient()
                .newWorkflowStub(
                        JourneyRun.class,
                        WorkflowOptions.newBuilder()
                                .setWorkflowId(id)
                                .setTaskQueue("journeys")
                                .build());
    }

    /** As the Temporal UI asks for it. */
    private String details(String id) {
        return temporal.getWorkflowClient()
                .newUntypedWorkflowStub(id)
                .query("__temporal_workflow_metadata", WorkflowMetadata.class)
                .getCurrentDetails();
    }

    private WorkflowExecutionHistory history(String id) {
        return temporal.getWorkflowClient().fetchHistory(id);
    }

    private void record(String id) throws IOException {
        if (Boolean.getBoolean("histories.record")) {
            Files.writeString(
                    Path.of("src/test/resources/histories/journey-run-" + id + ".json"),
                    history(id).toJson(true));
        }
    }

    /** Activities that answer what they were told to. */
    private final class Script implements CallActivities {

        final List<String> calls = new ArrayList<>();
        private final Queue<Function<Instant, Next>> answers = new ArrayDeque<>();
        private final Queue<Supplier<Instruction>> sends = new ArrayDeque<>();

        @SafeVarargs
        final void answers(Function<Instant, Next>... more) {
            for (var each : more) {
                answers.add(each);
            }
        }

        @SafeVarargs
        final void sends(Supplier<Instruction>... more) {
            for (var each : more) {
                sends.add(each);
            }
        }

        synchronized Next advance(UUID run, int visit, @Nullable Instant due) {
            assertThat(run).isEqualTo(RUN);
            calls.add("advance " + visit + (due == null ? "" : " due"));
            return answers.remove().apply(Instant.ofEpochMilli(temporal.currentTimeMillis()));
        }

        synchronized Instruction sendElse(UUID run, int visit) {
            var info = Activity.getExecutionContext().getInfo();
            calls.add(info.getActivityType() + " " + visit + " on " + info.getActivityTaskQueue());
            return (sends.size() > 1 ? sends.remove() : sends.element()).get();
        }

        @Override
        public synchronized Instruction answered(UUID run, int visit, CallWorkflow.Answer answer) {
            calls.add("answered " + visit + " " + answer.status() + " " + answer.result());
            return new Instruction.Finish("completed", "completed");
        }

        @Override
        public synchronized CallWorkflow.Answer look(String workflowId) {
            calls.add("look " + workflowId);
            return new CallWorkflow.Answer("completed", "as before");
        }

        synchronized Instruction send(UUID run, int visit) {
            assertThat(Activity.getExecutionContext().getInfo().getActivityTaskQueue())
                    .isEqualTo("channel-email");
            calls.add("send " + visit);
            return (sends.size() > 1 ? sends.remove() : sends.element()).get();
        }
    }
}
