package sojourn.app.journeys;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contact;
import sojourn.app.contacts.Erasure;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.security.AuditLog;
import sojourn.app.security.Deed;

/**
 * What operators do to runs: end a wait, take a run to a tile, try a failed tile again, end a run. Each is done in
 * the caller's transaction under the run's lock, written down in its path and in the audit log with who did it, and word of it
 * is left for the run's workflow.
 */
final class Interventions {

    /** What can be done. */
    enum Action {
        move("move", "moved"),
        skipWait("skip-wait", "wait-skipped"),
        retry("retry", "retried"),
        stop("stop", "stopped");

        private final String slug;
        private final String done;

        Action(String slug, String done) {
            this.slug = slug;
            this.done = done;
        }

        /** As in paths. */
        String slug() {
            return slug;
        }
    }

    /**
     * One thing to be done.
     *
     * @param to the tile to move to; null for all else
     * @param job as part of which; null when to this run alone
     */
    record Wish(
            Action action,
            @Nullable String to,
            Deed deed,
            @Nullable UUID job) {}

    private final InstantSource clock;
    private final LiveVersions versions;
    private final RunSteps steps;

    Interventions(InstantSource clock, LiveVersions versions, RunSteps steps) {
        this.clock = clock;
        this.versions = versions;
        this.steps = steps;
    }

    /**
     * Does it, or says in a {@link Problem} why it cannot be done. The caller's transaction has begun with
     * {@link Erasure#holdOff}, since a reason may be given that must not come after an erasure.
     *
     * @param visit at which the run must still be; null when that does not matter
     * @return false when there is nothing to do any more
     */
    boolean apply(Handle handle, UUID id, Wish wish, @Nullable Integer visit) {
        var run = new RunRows(handle).lock(id).orElseThrow(() -> Problem.notFound("run", id));
        if (visit != null && run.visit() != visit) {
            throw new Problem(ProblemType.WRONG_STATE, "The run has gone on since it was chosen");
        }
        var by = wish.deed().by();
        var done = switch (wish.action()) {
            case move -> move(handle, run, String.valueOf(wish.to()), by);
            case skipWait -> skipWait(handle, run, by);
            case retry -> retry(handle, run);
            case stop -> stop(handle, run);
        };
        if (done) {
            note(handle, run, wish);
        }
        return done;
    }

    private void note(Handle handle, RunRow run, Wish wish) {
        var details = new LinkedHashMap<String, Object>();
        details.put(
                "journey", versions.get(handle, run.journeyId(), run.version()).key());
        details.put("from", String.valueOf(run.tile()));
        if (wish.to() != null) {
            details.put("tile", wish.to());
        }
        if (wish.job() != null) {
            details.put("job", wish.job());
        }
        var contact = handle.select("select uuid, state from contact where id = ?", run.contactId())
                .map((row, _) -> Map.entry(row.getObject(1, UUID.class), row.getString(2)))
                .one();
        var deed = wish.deed();
        var known = contact.getValue().equals(Contact.ERASED) ? new Deed(deed.by(), deed.key(), null) : deed;
        AuditLog.note(
                handle,
                now(),
                known,
                new AuditLog.Done(wish.action().done, "run", run.id().toString(), contact.getKey(), details));
    }

    private boolean move(Handle handle, RunRow run, String tile, String by) {
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
        handle.attach(RunDao.class).signal(run.id(), "moved");
        return true;
    }

    private boolean skipWait(Handle handle, RunRow run, String by) {
        requireOpen(run, "helped over a wait");
        if (steps.skipWait(handle, run, "the wait was ended by " + by).isEmpty()) {
            throw new Problem(
                    ProblemType.WRONG_STATE,
                    "The run is at '" + run.tile() + "', which does not wait for time or interactions");
        }
        handle.attach(RunDao.class).signal(run.id(), "wait-skipped");
        return true;
    }

    private boolean retry(Handle handle, RunRow run) {
        if (!run.status().equals("failed")) {
            throw new Problem(
                    ProblemType.WRONG_STATE, "The run is " + run.status() + "; only a failed one is tried again");
        }
        steps.retry(handle, run);
        // Its workflow has ended: it is started anew.
        handle.attach(RunDao.class).checkAt(run.id(), clock.instant());
        return true;
    }

    private boolean stop(Handle handle, RunRow run) {
        var runs = handle.attach(RunDao.class);
        var asked = runs.requestExit(run.id(), StopReason.REMOVED, now()) > 0;
        if (asked) {
            runs.signal(run.id(), StopReason.REMOVED);
        }
        return asked;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static void requireOpen(RunRow run, String verb) {
        if (!run.open()) {
            throw new Problem(
                    ProblemType.WRONG_STATE,
                    "The run is " + run.status() + "; only a run that is pending or active can be " + verb);
        }
    }
}
