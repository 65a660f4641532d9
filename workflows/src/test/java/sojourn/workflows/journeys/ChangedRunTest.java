package sojourn.workflows.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.NonDeterministicException;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rehearses a change of {@link JourneyRunImpl} while runs are under way, as {@code docs/changing-workflows.md} says to make
 * one: the change is a timer before the first step, once guarded by its version and once not.
 */
class ChangedRunTest {

    private static final UUID RUN = UUID.fromString("0193a7c2-0000-7000-8000-000000000001");

    private final TestWorkflowEnvironment temporal =
            TestWorkflowEnvironment.newInstance(TestEnvironmentOptions.newBuilder()
                    .setWorkflowServiceStubsOptions(WorkflowServiceStubsOptions.newBuilder()
                            .setGrpcClientInterceptors(List.of(new NotSticky()))
                            .build())
                    .build());
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile boolean over;

    /** The new code, so written that runs which began under the old one are led their old way. */
    public static final class Guarded implements JourneyRun {

        private final JourneyRunImpl as = new JourneyRunImpl();

        @Override
        public String run(UUID run) {
            if (Workflow.getVersion("pause-before-entry", Workflow.DEFAULT_VERSION, 1) >= 1) {
                Workflow.newTimer(Duration.ofMinutes(1)).get();
            }
            return as.run(run);
        }

        @Override
        public void lookAgain(@Nullable String because) {
            as.lookAgain(because);
        }
    }

    /** The same without a guard. */
    public static final class Unguarded implements JourneyRun {

        private final JourneyRunImpl as = new JourneyRunImpl();

        @Override
        public String run(UUID run) {
            Workflow.newTimer(Duration.ofMinutes(1)).get();
            return as.run(run);
        }

        @Override
        public void lookAgain(@Nullable String because) {
            as.lookAgain(because);
        }
    }

    @AfterEach
    void close() {
        temporal.close();
    }

    @Test
    void a_run_that_began_under_the_old_code_goes_on_under_the_new_and_new_runs_take_the_new_way() {
        try (var _ = new Workers(JourneyRunImpl.class)) {
            start("old");
            eventually("it waits", () -> calls.contains("advance 0"));
        }
        over = true;

        try (var _ = new Workers(Guarded.class)) {
            signal("old");
            assertThat(result("old")).isEqualTo("completed: completed");
            start("new");
            assertThat(result("new")).isEqualTo("completed: completed");
        }

        assertThat(timers("old")).as("the wait alone").isEqualTo(1);
        assertThat(versions("old")).isZero();
        assertThat(timers("new")).as("the pause, and the wait").isEqualTo(2);
        assertThat(versions("new")).isEqualTo(1);
        assertThat(calls).containsExactly("advance 0", "advance 1", "advance 0", "advance 1 due");
    }

    @Test
    void a_run_that_meets_an_unguarded_change_stands_still_until_a_worker_comes_that_knows_its_way() {
        try (var _ = new Workers(JourneyRunImpl.class)) {
            start("old");
            eventually("it waits", () -> calls.contains("advance 0"));
        }
        over = true;

        try (var _ = new Workers(Unguarded.class)) {
            signal("old");
            eventually("its step fails", () -> failures("old") > 0);
        }
        assertThat(calls).containsExactly("advance 0");

        try (var _ = new Workers(Guarded.class)) {
            assertThat(result("old")).isEqualTo("completed: completed");
        }
    }

    @Test
    void a_new_run_that_comes_to_a_worker_of_the_old_code_stands_still_until_one_of_the_new_takes_it() {
        try (var _ = new Workers(Guarded.class)) {
            start("new");
            temporal.sleep(Duration.ofMinutes(2));
            eventually("it waits", () -> calls.contains("advance 0"));
        }
        over = true;

        try (var _ = new Workers(JourneyRunImpl.class)) {
            signal("new");
            eventually("its step fails", () -> failures("new") > 0);
        }
        assertThat(calls).containsExactly("advance 0");

        try (var _ = new Workers(Guarded.class)) {
            assertThat(result("new")).isEqualTo("completed: completed");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hold",
                "await",
                "explained",
                "deliver",
                "exit-while-sending",
                "channels",
                "call",
                "call-too-long"
            })
    void histories_replay_with_the_old_code_and_with_a_guarded_change_and_an_unguarded_one_is_caught(String name)
            throws Exception {
        var history = "histories/journey-run-" + name + ".json";

        WorkflowReplayer.replayWorkflowExecutionFromResource(history, JourneyRunImpl.class);
        WorkflowReplayer.replayWorkflowExecutionFromResource(history, Guarded.class);

        assertThatThrownBy(() -> WorkflowReplayer.replayWorkflowExecutionFromResource(history, Unguarded.class))
                .hasMessageContaining(NonDeterministicException.class.getName());
    }

    private void start(String id) {
        var options = WorkflowOptions.newBuilder().setWorkflowId(id).setTaskQueue("journeys");
        WorkflowClient.start(client().newWorkflowStub(JourneyRun.class, options.build())::run, RUN);
    }

    private void signal(String id) {
        client().newWorkflowStub(JourneyRun.class, id).lookAgain("Purchase");
    }

    private String result(String id) {
        return WorkflowStub.fromTyped(client().newWorkflowStub(JourneyRun.class, id))
                .getResult(String.class);
    }

    private long timers(String id) {
        return history(id).getEvents().stream()
                .filter(event -> event.hasTimerStartedEventAttributes())
                .count();
    }

    private long versions(String id) {
        return history(id).getEvents().stream()
                .filter(event ->
                        event.getMarkerRecordedEventAttributes().getMarkerName().equals("Version"))
                .count();
    }

    private long failures(String id) {
        return history(id).getEvents().stream()
                .filter(event -> event.hasWorkflowTaskFailedEventAttributes())
                .count();
    }

    private WorkflowExecutionHistory history(String id) {
        return client().fetchHistory(id);
    }

    private WorkflowClient client() {
        return temporal.getWorkflowClient();
    }

    private static void eventually(String what, BooleanSupplier holds) {
        var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    /** A process of workers with one version of the code. */
    private final class Workers implements AutoCloseable {

        private final WorkerFactory factory = WorkerFactory.newInstance(client());

        private Workers(Class<? extends JourneyRun> code) {
            var worker = factory.newWorker("journeys");
            worker.registerWorkflowImplementationTypes(code);
            worker.registerActivitiesImplementations((JourneyActivities) (run, visit, due) -> {
                calls.add("advance " + visit + (due == null ? "" : " due"));
                var until = Instant.ofEpochMilli(temporal.currentTimeMillis()).plus(Duration.ofDays(5));
                return visit == 0 ? new Instruction.Hold(1, "wait", until, "wait: wait 5 days") : finish();
            });
            factory.start();
        }

        private Instruction finish() {
            if (!over) {
                throw new AssertionError("Nobody has told the run to go on");
            }
            return new Instruction.Finish("completed", "completed");
        }

        @Override
        public void close() {
            factory.shutdownNow();
            factory.awaitTermination(10, TimeUnit.SECONDS);
        }
    }
}
