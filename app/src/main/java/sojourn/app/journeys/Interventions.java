package sojourn.app.journeys;

import java.time.InstantSource;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;

/**
 * What operators do to single runs: end a wait, take a run to a tile, try a failed tile again, end a run. Each is done in
 * the caller's transaction under the run's lock, written down in its path with who did it, and word of it is left for the
 * run's workflow.
 */
final class Interventions {

    /** What can be done; names as in the API. */
    enum Action {
        move,
        skipWait,
        retry,
        stop
    }

    /**
     * One thing to be done.
     *
     * @param to the tile to move to; null for all else
     * @param by who does it
     */
    record Wish(Action action, @Nullable String to, String by) {}

    private final InstantSource clock;
    private final LiveVersions versions;
    private final RunSteps steps;

    Interventions(InstantSource clock, LiveVersions versions, RunSteps steps) {
        this.clock = clock;
        this.versions = versions;
        this.steps = steps;
    }

    /** Does it, or says in a {@link Problem} why it cannot be done. */
    void apply(Handle handle, UUID id, Wish wish) {
        var run = new RunRows(handle).lock(id).orElseThrow(() -> Problem.notFound("run", id));
        switch (wish.action()) {
            case move -> move(handle, run, String.valueOf(wish.to()), wish.by());
            case skipWait -> skipWait(handle, run, wish.by());
            case retry -> retry(handle, run);
            case stop -> stop(handle, run);
        }
    }

    private void move(Handle handle, RunRow run, String tile, String by) {
        requireOpen(run, "moved");
        var tiles =
                versions.get(handle, run.journeyId(), run.version()).document().allTiles();
        if (!tiles.containsKey(tile)) {
            throw Problem.invalid(
                    "/tile",
                    "unknown-tile",
                    "Version " + run.version() + " of the journey has no tile '" + tile + "'"
                            + Nearest.advice(tile, tiles.keySet()));
        }
        if (new RunRows(handle).handingOver(run.id(), run.visit())) {
            throw new Problem(
                    ProblemType.WRONG_STATE, "The message of this visit is being handed over; try again in a moment");
        }
        steps.move(handle, run, tile, "moved here by " + by);
        handle.attach(RunDao.class).signal(run.id());
    }

    private void skipWait(Handle handle, RunRow run, String by) {
        requireOpen(run, "helped over a wait");
        if (steps.skipWait(handle, run, "the wait was ended by " + by).isEmpty()) {
            throw new Problem(
                    ProblemType.WRONG_STATE,
                    "The run is at '" + run.tile() + "', which does not wait for time or interactions");
        }
        handle.attach(RunDao.class).signal(run.id());
    }

    private void retry(Handle handle, RunRow run) {
        if (!run.status().equals("failed")) {
            throw new Problem(
                    ProblemType.WRONG_STATE, "The run is " + run.status() + "; only a failed one is tried again");
        }
        steps.retry(handle, run);
        // Its workflow has ended: it is started anew.
        handle.attach(RunDao.class).checkAt(run.id(), clock.instant());
    }

    private void stop(Handle handle, RunRow run) {
        var runs = handle.attach(RunDao.class);
        if (runs.requestExit(run.id(), StopReason.REMOVED, clock.instant()) > 0) {
            runs.signal(run.id());
        }
    }

    private static void requireOpen(RunRow run, String verb) {
        if (!run.open()) {
            throw new Problem(
                    ProblemType.WRONG_STATE,
                    "The run is " + run.status() + "; only a run that is pending or active can be " + verb);
        }
    }
}
