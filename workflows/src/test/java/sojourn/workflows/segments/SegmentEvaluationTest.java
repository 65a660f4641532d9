package sojourn.workflows.segments;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.TestWorkflowExtension;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SegmentEvaluationTest {

    private static final String HISTORY = "histories/segment-evaluation.json";

    @RegisterExtension
    static final TestWorkflowExtension temporal = TestWorkflowExtension.newBuilder()
            .registerWorkflowImplementationTypes(SegmentEvaluationImpl.class)
            .setDoNotStart(true)
            .build();

    @Test
    void it_looks_each_day_until_the_segment_is_stopped(
            TestWorkflowEnvironment environment, Worker worker, SegmentEvaluation evaluation) {
        var looks = start(environment, worker, 3);

        evaluation.run("lapsed");

        assertThat(looks.times).hasSize(3);
        assertThat(Duration.between(looks.times.get(0), looks.times.get(2)))
                .isBetween(Duration.ofHours(48), Duration.ofHours(49));
    }

    @Test
    void a_signal_makes_it_evaluate_at_once_whatever_is_due(
            TestWorkflowEnvironment environment, Worker worker, WorkflowClient client) throws IOException {
        var looks = start(environment, worker, 2);
        var evaluation = client.newWorkflowStub(
                SegmentEvaluation.class,
                WorkflowOptions.newBuilder()
                        .setTaskQueue(worker.getTaskQueue())
                        .setWorkflowId(SegmentEvaluation.id("lapsed"))
                        .build());
        environment.registerDelayedCallback(Duration.ofHours(1), evaluation::evaluateNow);

        evaluation.run("lapsed");

        assertThat(Duration.between(looks.times.get(0), looks.times.get(1)))
                .isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
        assertThat(looks.wanted).containsExactly(false, true);
        assertThat(client.fetchHistory("segment/lapsed").getEvents())
                .as("no timer is left behind")
                .anyMatch(event -> event.hasTimerCanceledEventAttributes());
        if (Boolean.getBoolean("histories.record")) {
            Files.writeString(
                    Path.of("src/test/resources/" + HISTORY),
                    client.fetchHistory("segment/lapsed").toJson(true));
        }
    }

    @Test
    void word_of_a_change_makes_it_look_whether_something_is_due(
            TestWorkflowEnvironment environment, Worker worker, WorkflowClient client) {
        var looks = start(environment, worker, 2);
        var evaluation = client.newWorkflowStub(
                SegmentEvaluation.class,
                WorkflowOptions.newBuilder().setTaskQueue(worker.getTaskQueue()).build());
        environment.registerDelayedCallback(Duration.ofHours(1), evaluation::definitionChanged);

        evaluation.run("lapsed");

        assertThat(Duration.between(looks.times.get(0), looks.times.get(1))).isLessThan(Duration.ofMinutes(61));
        assertThat(looks.wanted).containsExactly(false, false);
    }

    @Test
    void the_history_of_older_code_still_replays() throws Exception {
        WorkflowReplayer.replayWorkflowExecutionFromResource(HISTORY, SegmentEvaluationImpl.class);
    }

    @Test
    void it_goes_on_in_a_new_history_before_the_old_one_grows_long(
            TestWorkflowEnvironment environment, Worker worker, SegmentEvaluation evaluation) {
        var looks = start(environment, worker, 450);

        evaluation.run("lapsed");

        assertThat(looks.times).hasSize(450);
    }

    private static Looks start(TestWorkflowEnvironment environment, Worker worker, int most) {
        var looks = new Looks(environment::currentTimeMillis, most);
        worker.registerActivitiesImplementations(looks);
        environment.start();
        return looks;
    }

    /** Something is due each day, until it has been looked at often enough. */
    private static final class Looks implements SegmentActivities {

        private final List<Instant> times = new ArrayList<>();
        private final List<Boolean> wanted = new ArrayList<>();
        private final LongSupplier clock;
        private final int most;

        private Looks(LongSupplier clock, int most) {
            this.clock = clock;
            this.most = most;
        }

        @Override
        public Evaluated evaluate(String segment, boolean atOnce) {
            var now = Instant.ofEpochMilli(clock.getAsLong());
            wanted.add(atOnce);
            times.add(now);
            @Nullable Instant next = times.size() < most ? now.plus(Duration.ofDays(1)) : null;
            return new Evaluated(next, times.size() + " members");
        }
    }
}
