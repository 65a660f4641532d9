package sojourn.app.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.common.VersioningBehavior;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import io.temporal.worker.tuning.PollerBehaviorAutoscaling;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkSettingsTest {

    @Test
    void what_is_set_reaches_the_workers() {
        var settings = new WorkSettings(4, 20, 150, 60, 2000, null);

        var worker = settings.addTo(WorkerOptions.newBuilder()).build();

        assertThat(worker.getMaxConcurrentWorkflowTaskExecutionSize()).isEqualTo(150);
        assertThat(worker.getMaxConcurrentLocalActivityExecutionSize()).isEqualTo(60);
        assertThat(settings.addTo(WorkerFactoryOptions.newBuilder()).build().getWorkflowCacheSize())
                .isEqualTo(2000);
        for (var polling :
                new Object[] {worker.getWorkflowTaskPollersBehavior(), worker.getActivityTaskPollersBehavior()}) {
            assertThat(polling).isInstanceOfSatisfying(PollerBehaviorAutoscaling.class, scaling -> {
                assertThat(scaling.getMinConcurrentTaskPollers()).isEqualTo(4);
                assertThat(scaling.getInitialConcurrentTaskPollers()).isEqualTo(4);
                assertThat(scaling.getMaxConcurrentTaskPollers()).isEqualTo(20);
            });
        }
    }

    @Test
    void as_many_pollers_at_most_as_at_least_stay_that_many_and_a_channels_own_number_at_once_stays_its_own() {
        var channel = WorkerOptions.newBuilder().setMaxConcurrentActivityExecutionSize(8);

        var worker = WorkSettings.USUAL.addTo(channel).validateAndBuildWithDefaults();

        assertThat(worker.getActivityTaskPollersBehavior()).isEqualTo(new PollerBehaviorAutoscaling(5, 5, 5));
        assertThat(worker.getMaxConcurrentActivityExecutionSize()).isEqualTo(8);
    }

    @Test
    void workers_have_a_version_only_where_one_is_said_and_their_runs_move_to_the_current_one() {
        var named = new WorkSettings(5, 5, 200, 200, 1000, new DeploymentSettings("sojourn", "1.4.0"));

        var worker = named.addTo(WorkerOptions.newBuilder()).build();

        assertThat(worker.getDeploymentOptions().isUsingVersioning()).isTrue();
        assertThat(worker.getDeploymentOptions().getVersion().toCanonicalString())
                .isEqualTo("sojourn.1.4.0");
        assertThat(worker.getDeploymentOptions().getDefaultVersioningBehavior())
                .isEqualTo(VersioningBehavior.AUTO_UPGRADE);
        for (var unnamed : List.of(
                WorkSettings.USUAL, new WorkSettings(5, 5, 200, 200, 1000, new DeploymentSettings(null, null)))) {
            assertThat(unnamed.addTo(WorkerOptions.newBuilder()).build().getDeploymentOptions())
                    .isNull();
        }
    }
}
