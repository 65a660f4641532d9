package sojourn.app.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.SetWorkerDeploymentCurrentVersionRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sojourn.app.platform.DeploymentSettings;
import sojourn.app.platform.Temporal;
import sojourn.app.platform.TemporalSettings;
import sojourn.app.platform.WorkSettings;
import sojourn.testing.Eventually;
import sojourn.workflows.journeys.Instruction;
import sojourn.workflows.journeys.JourneyActivities;
import sojourn.workflows.journeys.JourneyRun;
import sojourn.workflows.journeys.JourneyRunImpl;

/** Two builds of a worker deployment on a real Temporal: who gets the steps of a run. */
class DeploymentTest {

    @TempDir
    Path temporary;

    private final List<String> calls = new CopyOnWriteArrayList<>();

    @Test
    void a_run_goes_on_in_the_build_that_is_current_though_the_one_it_began_in_still_works() throws Exception {
        var program = TemporalProgram.find();
        assumeTrue(program.isPresent(), "the program `temporal` is not on this machine");
        try (var directory = DataDirectory.open(temporary);
                var server = TemporalProcess.start(directory, program.get())) {
            var old = build(server.address(), "1");
            old.start();
            makeCurrent(old, "1");
            var run = old.client()
                    .newWorkflowStub(
                            JourneyRun.class,
                            WorkflowOptions.newBuilder()
                                    .setWorkflowId("run")
                                    .setTaskQueue(Temporal.JOURNEYS)
                                    .build());
            WorkflowClient.start(run::run, new UUID(0, 1));
            Eventually.holds("it waits", () -> calls.contains("1: advance 0"));

            var young = build(server.address(), "2");
            young.start();
            makeCurrent(old, "2");
            run.lookAgain("Purchase");

            assertThat(WorkflowStub.fromTyped(run).getResult(String.class)).isEqualTo("completed: completed");
            assertThat(calls).containsExactly("1: advance 0", "2: advance 1");
            young.stop();
            old.stop();
        }
    }

    private Temporal build(String address, String build) {
        var temporal = new TemporalSettings(
                        address,
                        "default",
                        null,
                        true,
                        io.dropwizard.util.Duration.seconds(5),
                        null,
                        new WorkSettings(5, 5, 200, 200, 4000, new DeploymentSettings("sojourn", build)))
                .connect();
        temporal.onQueue(Temporal.JOURNEYS, worker -> {
            worker.registerWorkflowImplementationTypes(JourneyRunImpl.class);
            worker.registerActivitiesImplementations((JourneyActivities) (_, visit, _) -> {
                calls.add(build + ": advance " + visit);
                return visit == 0
                        ? new Instruction.Hold(1, "wait", Instant.parse("2100-01-01T00:00:00Z"), "wait")
                        : new Instruction.Finish("completed", "completed");
            });
        });
        return temporal;
    }

    /** As soon as Temporal has heard of the build by one of its workers. */
    private static void makeCurrent(Temporal temporal, String build) {
        Eventually.holds("build " + build + " is current", () -> {
            try {
                temporal.client()
                        .getWorkflowServiceStubs()
                        .blockingStub()
                        .setWorkerDeploymentCurrentVersion(SetWorkerDeploymentCurrentVersionRequest.newBuilder()
                                .setNamespace("default")
                                .setDeploymentName("sojourn")
                                .setBuildId(build)
                                .build());
                return true;
            } catch (StatusRuntimeException notYet) {
                return false;
            }
        });
    }
}
