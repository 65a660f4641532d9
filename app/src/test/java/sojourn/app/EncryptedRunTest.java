package sojourn.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Throwables;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.common.converter.DataConverter;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sojourn.app.platform.EncryptionSettings;
import sojourn.app.platform.TemporalSettings;
import sojourn.testing.Eventually;
import sojourn.testing.KeptPayloads;
import sojourn.testing.NotSticky;
import sojourn.workflows.journeys.CallActivities;
import sojourn.workflows.journeys.CallWorkflow;
import sojourn.workflows.journeys.Instruction;
import sojourn.workflows.journeys.JourneyActivities;
import sojourn.workflows.journeys.JourneyRun;
import sojourn.workflows.journeys.JourneyRunImpl;

/** Runs that outlive the keys with which they began: workers with others take them over, on one in-memory Temporal. */
class EncryptedRunTest {

    private static final UUID RUN = UUID.fromString("0193a7c2-0000-7000-8000-000000000001");
    private static final String A = key("a");
    private static final String B = key("b");

    private final TestWorkflowEnvironment temporal =
            TestWorkflowEnvironment.newInstance(TestEnvironmentOptions.newBuilder()
                    .setWorkflowServiceStubsOptions(WorkflowServiceStubsOptions.newBuilder()
                            .setGrpcClientInterceptors(List.of(new NotSticky()))
                            .build())
                    .build());
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile boolean over;

    @AfterEach
    void close() {
        temporal.close();
    }

    @Test
    void runs_go_on_when_it_is_switched_on_and_when_keys_are_rotated() {
        try (var plain = new Workers(null)) {
            plain.serveRuns(EncryptedRunTest::hold);
            plain.start("ada");
            Eventually.holds("she waits", () -> calls.contains("advance 0"));
        }
        calls.clear();

        try (var encrypting = new Workers(A)) {
            encrypting.serveRuns(EncryptedRunTest::hold);
            encrypting.start("bob");
            encrypting.signal("ada");
            Eventually.holds("he waits", () -> calls.contains("advance 0"));
            Eventually.holds("she has looked", () -> calls.contains("advance 1"));
        }
        assertThat(KeptPayloads.plain(history("bob"))).isEmpty();
        calls.clear();

        try (var rotated = new Workers(B + " " + A)) {
            rotated.serveRuns(EncryptedRunTest::hold);
            over = true;
            for (var run : List.of("ada", "bob")) {
                rotated.signal(run);
                assertThat(rotated.result(run)).isEqualTo("completed: completed");
            }
        }
        assertThat(KeptPayloads.keys(history("ada"))).containsExactly("a", "b");
        assertThat(KeptPayloads.plain(history("ada"))).isNotEmpty();
        assertThat(KeptPayloads.keys(history("bob"))).containsExactly("a", "b");
        assertThat(KeptPayloads.plain(history("bob"))).isEmpty();
    }

    @Test
    void a_run_whose_key_is_missing_stands_still_says_so_and_goes_on_when_it_is_there() {
        try (var first = new Workers(A)) {
            first.serveRuns(EncryptedRunTest::hold);
            first.start("bob");
            Eventually.holds("he waits", () -> calls.contains("advance 0"));
        }
        over = true;

        try (var without = new Workers(B)) {
            without.serveRuns(EncryptedRunTest::hold);
            without.signal("bob");
            Eventually.holds("it says which", () -> without.failures("bob").contains("key `a`"));
        }
        assertThat(calls).containsExactly("advance 0");

        try (var with = new Workers(B + " " + A)) {
            with.serveRuns(EncryptedRunTest::hold);
            assertThat(with.result("bob")).isEqualTo("completed: completed");
        }
    }

    @Test
    void an_answer_of_a_called_workflow_that_we_cannot_read_yet_is_no_failure_of_it() {
        over = true;
        try (var others = new Workers(B + " " + A)) {
            var scoring = others.factory.newWorker("scoring");
            scoring.registerWorkflowImplementationTypes(Scoring.class);
            others.factory.start();
            try (var ours = new Workers(A)) {
                ours.serveRuns(EncryptedRunTest::call);
                ours.start("bob");
                Eventually.holds("it says which", () -> ours.failures("bob").contains("key `b`"));
            }
            assertThat(calls).containsExactly("advance 0");

            try (var withTheKey = new Workers(A + " " + B)) {
                withTheKey.serveRuns(EncryptedRunTest::call);
                assertThat(withTheKey.result("bob")).isEqualTo("completed: completed");
            }
        }
        assertThat(calls).containsExactly("advance 0", "answered completed good");
    }

    private static Instruction hold(Instant now) {
        return new Instruction.Hold(1, "wait", now.plus(Duration.ofDays(5)), "wait: wait 5 days");
    }

    private static Instruction call(Instant now) {
        var caller = new CallWorkflow.Caller(RUN, "win-back", 1, RUN);
        return new Instruction.Call(1, "score", "ScoreContact", "scoring", true, now.plus(Duration.ofDays(1)), caller);
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
            return "score".equals(call.get("tile")) ? "good" : "bad";
        }
    }

    private interface First {
        Instruction at(Instant now);
    }

    private WorkflowExecutionHistory history(String id) {
        return temporal.getWorkflowClient().fetchHistory(id);
    }

    /** A process of workers with some keys, and its client. */
    private final class Workers implements AutoCloseable {

        private final WorkflowClient client;
        private final WorkerFactory factory;

        private Workers(@Nullable String keys) {
            client = WorkflowClient.newInstance(
                    temporal.getWorkflowServiceStubs(),
                    WorkflowClientOptions.newBuilder()
                            .setDataConverter(converter(keys))
                            .build());
            factory = WorkerFactory.newInstance(client);
        }

        private void serveRuns(First first) {
            var worker = factory.newWorker("journeys");
            worker.registerWorkflowImplementationTypes(JourneyRunImpl.class);
            JourneyActivities journey = (run, visit, due) -> {
                calls.add("advance " + visit);
                return visit == 0 || !over
                        ? first.at(Instant.parse("2100-01-01T00:00:00Z"))
                        : new Instruction.Finish("completed", "completed");
            };
            worker.registerActivitiesImplementations(journey, new CallActivities() {

                @Override
                public Instruction answered(UUID run, int visit, CallWorkflow.Answer answer) {
                    calls.add("answered " + answer.status() + " " + answer.result());
                    return new Instruction.Finish("completed", "completed");
                }

                @Override
                public CallWorkflow.Answer look(String workflowId) {
                    throw new AssertionError("Nothing was lost");
                }
            });
            factory.start();
        }

        private void start(String id) {
            var options = WorkflowOptions.newBuilder()
                    .setWorkflowId(id)
                    .setTaskQueue("journeys")
                    .setStaticSummary("win-back version 3, run 1");
            WorkflowClient.start(client.newWorkflowStub(JourneyRun.class, options.build())::run, RUN);
        }

        private void signal(String id) {
            client.newWorkflowStub(JourneyRun.class, id).lookAgain("Purchase");
        }

        private String result(String id) {
            return WorkflowStub.fromTyped(client.newWorkflowStub(JourneyRun.class, id))
                    .getResult(String.class);
        }

        /** What is said of steps that failed, as somebody with these keys reads it. */
        private String failures(String id) {
            return history(id).getEvents().stream()
                    .filter(event -> event.hasWorkflowTaskFailedEventAttributes())
                    .map(event -> Throwables.getStackTraceAsString(client.getOptions()
                            .getDataConverter()
                            .failureToException(
                                    event.getWorkflowTaskFailedEventAttributes().getFailure())))
                    .collect(Collectors.joining());
        }

        @Override
        public void close() {
            factory.shutdownNow();
            factory.awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    private static DataConverter converter(@Nullable String keys) {
        var client = new TemporalSettings(
                        "127.0.0.1:1",
                        "default",
                        null,
                        false,
                        io.dropwizard.util.Duration.seconds(1),
                        new EncryptionSettings(keys, null),
                        null)
                .connect()
                .client();
        client.getWorkflowServiceStubs().shutdownNow();
        return client.getOptions().getDataConverter();
    }

    private static String key(String id) {
        var bytes = new byte[32];
        bytes[0] = (byte) id.hashCode();
        return id + ":" + Base64.getEncoder().encodeToString(bytes);
    }
}
