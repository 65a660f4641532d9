package sojourn.app.platform;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.dropwizard.validation.ValidationMethod;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import io.temporal.worker.tuning.PollerBehavior;
import io.temporal.worker.tuning.PollerBehaviorAutoscaling;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/**
 * How much the workers of one process do at once, and which version they are; {@code config.yml} explains each setting.
 */
public record WorkSettings(
        @Min(2) @Max(100) int pollers,
        @Min(2) @Max(100) int mostPollers,
        @Min(1) @Max(10_000) int workflowTasks,
        @Min(1) @Max(10_000) int steps,
        @Min(1) @Max(1_000_000) int cachedWorkflows,
        @Nullable @Valid DeploymentSettings deployment) {

    /** What is in the shipped {@code config.yml}. */
    public static final WorkSettings USUAL = new WorkSettings(5, 5, 200, 200, 1000, null);

    @JsonIgnore
    @ValidationMethod(message = "mostPollers: as many as pollers, or more, would fit")
    public boolean isWithEnoughPollers() {
        return mostPollers >= pollers;
    }

    /** Else what is being worked on would push out what is being worked on. */
    @JsonIgnore
    @ValidationMethod(message = "cachedWorkflows: as many as workflowTasks, or more, would fit")
    public boolean isWithRoomForWhatIsWorkedOn() {
        return cachedWorkflows >= workflowTasks;
    }

    WorkerOptions.Builder addTo(WorkerOptions.Builder worker) {
        if (deployment != null) {
            deployment.addTo(worker);
        }
        return worker.setWorkflowTaskPollersBehavior(polling())
                .setActivityTaskPollersBehavior(polling())
                .setMaxConcurrentWorkflowTaskExecutionSize(workflowTasks)
                .setMaxConcurrentLocalActivityExecutionSize(steps);
    }

    WorkerFactoryOptions.Builder addTo(WorkerFactoryOptions.Builder workers) {
        return workers.setWorkflowCacheSize(cachedWorkflows);
    }

    /**
     * The kind that polls the common queue and the one of cached workflows apart, also where the number never changes: else all
     * pollers may wait at the one for up to a minute while tasks pile up in the other, as after a burst of signals.
     */
    private PollerBehavior polling() {
        return new PollerBehaviorAutoscaling(pollers, mostPollers, pollers);
    }
}
