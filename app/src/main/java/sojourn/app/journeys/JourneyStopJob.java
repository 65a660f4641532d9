package sojourn.app.journeys;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.platform.JobKind;
import sojourn.app.platform.JobRun;
import sojourn.app.platform.Jobs;

/**
 * Shows how far the stop of a journey is. The runs are ended whether or not anybody watches: a journey that is stopping
 * ends up stopped even if this job is cancelled.
 */
final class JourneyStopJob implements JobKind {

    private static final String NAME = "journey-stop";
    private static final long GLANCE_MILLIS = 250;

    private final Jdbi jdbi;
    private final Jobs jobs;

    JourneyStopJob(Jdbi jdbi, Jobs jobs) {
        this.jdbi = jdbi;
        this.jobs = jobs;
    }

    /** What the job is to watch, and how many runs were open when it was asked for. */
    record Input(int journey, long open) {}

    /** How many runs were still open at the last glance. */
    record Position(long open) {}

    URI submit(Journey journey, String by) {
        var input = new Input(journey.number(), open(journey.number()));
        return URI.create(
                "/v1/jobs/" + jobs.submit(NAME, journey.key(), input, null, by).id());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(JobRun run) throws InterruptedException {
        var input = run.input(Input.class);
        run.total(input.open());
        var done = run.done();
        while (!run.cancelled()) {
            var stopped = !state(input.journey()).equals("stopping");
            var now = Math.max(done, input.open() - open(input.journey()));
            var ended = now - done;
            jdbi.useTransaction(handle ->
                    run.progress(handle, new Position(input.open() - now), now, Map.of("ended", ended), List.of()));
            done = now;
            if (stopped) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(GLANCE_MILLIS);
        }
    }

    private long open(int journey) {
        return jdbi.withHandle(handle -> handle.select(
                        "select count(*) from run where journey_id = ? and status in ('pending', 'active')", journey)
                .mapTo(Long.class)
                .one());
    }

    private String state(int journey) {
        return jdbi.withHandle(handle -> handle.select("select state from journey where id = ?", journey)
                .mapTo(String.class)
                .one());
    }
}
