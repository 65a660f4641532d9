package sojourn.app.journeys;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.interactions.OwnInteractions;
import sojourn.app.interactions.OwnInteractions.Own;
import sojourn.workflows.journeys.CallWorkflow;
import sojourn.workflows.journeys.Instruction;
import sojourn.workflows.journeys.Next;
import sojourn.workflows.journeys.Tile;

/**
 * Carries one run forward in PostgreSQL, as far as it can go now. The caller holds the lock of its row and commits; what
 * is written (visits, figures' interactions, the next instruction) belongs together.
 *
 * <p>A look always decides over what the caller's snapshot has. When the run then listens to more than before, the caller
 * commits and looks again in a younger snapshot: so nothing falls between a wait's beginning and what wakes it. What the
 * run listened to all the time needs no second look: {@link ChangeMatcher} sees it by the row of before as well.
 */
final class RunSteps {

    private final RunLook.Means means;

    RunSteps(
            InstantSource clock,
            LiveVersions versions,
            OwnInteractions interactions,
            FactFilter filter,
            RunWorld.ContactQuestion question,
            TileEffects effects,
            Seeing seeing) {
        this.means = new RunLook.Means(clock, versions, interactions, filter, question, effects, seeing);
    }

    /**
     * What a look came to.
     *
     * @param changed whether it wrote anything down
     * @param again whether only a look in a younger snapshot can say what the run is to do
     * @param turn the visit whose tile is to act in that look, which {@link #prepare}s for it; 0 for none
     * @param from the visit at which the run was before; -1 of one that had ended
     * @param to the visit at which it is now
     * @param left what it left since
     * @param version of the run; null of a run that had ended
     */
    record Looked(
            Instruction instruction,
            boolean changed,
            boolean again,
            int turn,
            int from,
            int to,
            List<RunStory.Left> left,
            @Nullable LiveVersion version) {

        Looked {
            left = List.copyOf(left);
        }

        private static Looked ended(RunRow run) {
            return new Looked(run.finish(), false, false, 0, -1, run.visit(), List.of(), null);
        }

        Looked awaitingTurn(int visit) {
            return new Looked(instruction, changed, true, visit, from, to, left, version);
        }

        /** What the run is to do, if this look may say so. */
        Optional<Next> settled() {
            return again ? Optional.empty() : Optional.of(RunStory.of(version, left, instruction));
        }
    }

    /**
     * Looks at a run and carries it on.
     *
     * @param due the deadline that has come, whatever this machine's clock says; one that was moved since does not count
     */
    Looked look(Handle handle, RunRow run, @Nullable Instant due) {
        return look(handle, run, due, 0);
    }

    /** The same, and lets the tile of a visit act that has been prepared for. */
    Looked look(Handle handle, RunRow run, @Nullable Instant due, int turn) {
        if (!run.open()) {
            return Looked.ended(run);
        }
        var now = now();
        if (due != null && due.equals(run.until()) && now.isBefore(due)) {
            now = due;
        }
        return new RunLook(means, handle, run, now, List.of(), turn).carryOn();
    }

    /** Takes what the tile of a visit needs to act before the caller locks the run: so nobody waits for one another. */
    void prepare(Handle handle, UUID id, int turn) {
        new RunRows(handle)
                .find(id)
                .filter(run -> run.open() && run.visit() == turn)
                .ifPresent(run -> {
                    var version = means.versions().get(handle, run.journeyId(), run.version());
                    if (version.document().allTiles().get(String.valueOf(run.tile())) instanceof Tile.Acting tile) {
                        means.effects().prepare(handle, run, tile);
                    }
                });
    }

    /** Wakes whoever goes on with what a tile did; after the commit. */
    void kick() {
        means.effects().kick();
    }

    /** Ends a sending visit and carries the run on from there; the facts are of the sending. */
    Looked leave(Handle handle, RunRow run, String status, String outcome, @Nullable String reason, List<Own> facts) {
        return look(handle, run, now(), facts).afterSending(status, outcome, reason);
    }

    /** Has a sending visit wait until its message may be sent; nothing of it is on its way. */
    Looked putOff(Handle handle, RunRow run) {
        return look(handle, run, now(), List.of()).carryOn();
    }

    /** Ends a visit whose workflow has answered and carries the run on from there. */
    Looked answered(Handle handle, RunRow run, CallWorkflow.Answer answer) {
        return look(handle, run, now(), List.of()).afterCalling(answer);
    }

    /** Ends the wait of an open run; empty when it does not wait. */
    Optional<Looked> skipWait(Handle handle, RunRow run, String why) {
        return run.visit() == 0
                ? Optional.empty()
                : look(handle, run, now(), List.of()).skip(why);
    }

    /** Takes an open run, nothing of which is being handed over, to a tile of its version. */
    Looked move(Handle handle, RunRow run, String tile, String why) {
        return look(handle, run, now(), List.of()).moveTo(tile, why);
    }

    /** Opens a failed run again, with a new visit of the tile that failed. */
    Looked retry(Handle handle, RunRow failed) {
        var runs = new RunRows(handle);
        runs.reopen(failed.id());
        return look(handle, runs.lock(failed.id()).orElseThrow(), now(), List.of())
                .retry(failed.reason());
    }

    /** Ends a run for a reason that the caller has found. */
    Looked stop(Handle handle, RunRow run, String reason, List<Own> facts) {
        return look(handle, run, now(), facts).end("stopped", "TileStopped", null, reason);
    }

    Looked fail(Handle handle, RunRow run, String reason, List<Own> facts) {
        return look(handle, run, now(), facts).end("failed", "TileFailed", null, reason);
    }

    /** Records facts that come too late to belong to a visit. */
    void note(Handle handle, List<Own> facts) {
        if (!facts.isEmpty()) {
            means.interactions().record(handle, facts);
        }
    }

    /** Whether a run must end now, and whether its journey is paused. */
    ExitLook.Found lookAround(Handle handle, RunRow run) {
        var version = means.versions().get(handle, run.journeyId(), run.version());
        return ExitLook.look(handle, run, version, world(handle, run, version));
    }

    /** The goal of a run, open or ended, if it has been reached by now and nobody has noted it. */
    void noteGoal(Handle handle, RunRow run) {
        var look = look(handle, run, now(), List.of());
        look.noteGoal();
        look.store();
    }

    RunWorld world(Handle handle, RunRow run, LiveVersion version) {
        return means.world(handle, run, version, now());
    }

    private Instant now() {
        return means.now();
    }

    private RunLook look(Handle handle, RunRow run, Instant now, List<Own> facts) {
        return new RunLook(means, handle, run, now, facts, 0);
    }
}
