package sojourn.app.platform;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.dropwizard.validation.ValidationMethod;
import io.temporal.common.VersioningBehavior;
import io.temporal.common.WorkerDeploymentVersion;
import io.temporal.worker.WorkerDeploymentOptions;
import io.temporal.worker.WorkerOptions;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which version of a worker deployment this process is, so that Temporal gives work to the current one only. Without both
 * there are no versions, and work goes to any worker.
 */
public record DeploymentSettings(
        @Nullable
        @Pattern(regexp = "[A-Za-z0-9_-]{1,100}", message = "letters, digits, underscores and hyphens would fit")
        String name,

        @Nullable
        @Pattern(regexp = "[A-Za-z0-9._-]{1,100}", message = "letters, digits, dots, underscores and hyphens would fit")
        String build) {

    @JsonIgnore
    @ValidationMethod(message = "name and build: both or neither would fit")
    public boolean isWhole() {
        return (name == null) == (build == null);
    }

    /** Runs move to the version that is current: they last for weeks, and no build should have to. */
    void addTo(WorkerOptions.Builder worker) {
        if (name != null && build != null) {
            worker.setDeploymentOptions(WorkerDeploymentOptions.newBuilder()
                    .setUseVersioning(true)
                    .setVersion(new WorkerDeploymentVersion(name, build))
                    .setDefaultVersioningBehavior(VersioningBehavior.AUTO_UPGRADE)
                    .build());
        }
    }
}
