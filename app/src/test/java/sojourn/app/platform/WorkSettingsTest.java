package sojourn.app.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import io.temporal.worker.tuning.PollerBehaviorAutoscaling;
import io.temporal.worker.tuning.PollerBehaviorSimpleMaximum;
import org.junit.jupiter.api.Test;

class WorkSettingsTest {

    @Test
    void what_is_set_reaches_the_workers() {
        var settings = new WorkSettings(4, 20, 150, 60, 2000);

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

        assertThat(worker.getActivityTaskPollersBehavior()).isEqualTo(new PollerBehaviorSimpleMaximum(5));
        assertThat(worker.getMaxConcurrentActivityExecutionSize()).isEqualTo(8);
    }
}
