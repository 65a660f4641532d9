package sojourn.app.journeys;

import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.contacts.Changes;
import sojourn.app.delivery.Passages;
import sojourn.app.interactions.OwnInteractions.Own;
import sojourn.app.platform.Transactions;
import sojourn.workflows.journeys.CallWorkflow;
import sojourn.workflows.journeys.Instruction;
import sojourn.workflows.journeys.JourneyActivities;
import sojourn.workflows.journeys.Next;
import sojourn.workflows.journeys.Planner;
import sojourn.workflows.journeys.SendingTile;

/**
 * The doors through which workflows and deliveries carry runs forward: locks the run, lets {@link RunSteps} look, commits,
 * and looks again in a younger snapshot while a look changed something.
 */
final class RunAdvance implements JourneyActivities, Passages {

    private static final Logger log = LoggerFactory.getLogger(RunAdvance.class);

    private final Jdbi jdbi;
    private final LiveVersions versions;
    private final RunSteps steps;
    private final Changes changes;

    RunAdvance(Jdbi jdbi, LiveVersions versions, RunSteps steps, Changes changes) {
        this.jdbi = jdbi;
        this.versions = versions;
        this.steps = steps;
        this.changes = changes;
    }

    @Override
    public Next advance(UUID run, int visit, @Nullable Instant due) {
        try {
            return carryOn(run, visit, due);
        } catch (RuntimeException failure) {
            // Its message may name people, and failures are kept in the workflow's history: it stays in the log.
            log.warn("visit {} of run {} is looked at again", visit, run, failure);
            throw ApplicationFailure.newFailure(
                    "Interrupted by " + failure.getClass().getSimpleName(), "NotYet");
        }
    }

    /** Leaves a visit whose workflow has answered, unless it was left before. */
    Next answered(UUID run, int visit, CallWorkflow.Answer answer) {
        try {
            var looked = Transactions.in(jdbi, handle -> {
                var row = lock(handle, run);
                return row.open() && row.visit() == visit
                        ? steps.answered(handle, row, answer).settled()
                        : Optional.<Next>empty();
            });
            changes.kick();
            return looked.orElseGet(() -> carryOn(run, visit, null));
        } catch (RuntimeException failure) {
            log.warn("visit {} of run {} is looked at again", visit, run, failure);
            throw ApplicationFailure.newFailure(
                    "Interrupted by " + failure.getClass().getSimpleName(), "NotYet");
        }
    }

    private Next carryOn(UUID run, int visit, @Nullable Instant due) {
        var left = new ArrayList<RunStory.Left>();
        var wrote = false;
        var acted = false;
        var next = 0;
        var at = visit;
        var seenWhole = true;
        while (true) {
            var mayBeDue = wrote ? null : due;
            var turn = next;
            var looked = Transactions.in(jdbi, handle -> {
                if (turn != 0) {
                    steps.prepare(handle, run, turn);
                }
                var row = lock(handle, run);
                return steps.look(handle, row, row.visit() == visit ? mayBeDue : null, turn);
            });
            left.addAll(looked.left());
            wrote |= looked.changed();
            acted |= turn != 0;
            next = looked.turn();
            seenWhole &= looked.from() == at;
            at = looked.to();
            if (!looked.again()) {
                if (wrote) {
                    changes.kick();
                }
                if (acted) {
                    steps.kick();
                }
                // What others left, such as an attempt whose answer was lost or an operator, is told too.
                return seenWhole
                        ? RunStory.of(looked.version(), left, looked.instruction())
                        : readStory(run, visit, looked.instruction());
            }
        }
    }

    private Next readStory(UUID run, int visit, Instruction instruction) {
        try {
            return jdbi.withHandle(handle -> RunStory.read(handle, versions, run, visit, instruction));
        } catch (RuntimeException failure) {
            // The step is committed: it must not be repeated for want of words.
            log.warn("visit {} of run {} goes on untold", visit, run, failure);
            return instruction;
        }
    }

    private static RunRow lock(Handle handle, UUID run) {
        return new RunRows(handle).lock(run).orElseThrow(() -> new IllegalStateException("There is no run " + run));
    }

    @Override
    public Passage lock(Handle handle, UUID run, int visit) {
        return new LockedRun(handle, lock(handle, run), visit);
    }

    @Override
    public Hindrance hindrance(Handle handle, UUID run) {
        return new RunRows(handle)
                .find(run)
                .map(row -> hindrance(handle, row))
                .orElseGet(() -> new Hindrance(null, false));
    }

    private Hindrance hindrance(Handle handle, RunRow run) {
        if (!run.open()) {
            return new Hindrance(run.reason(), false);
        }
        var found = steps.lookAround(handle, run);
        return new Hindrance(found.due() == null ? null : found.due().reason(), found.paused());
    }

    @Override
    public Next next(UUID run, int visit) {
        return carryOn(run, visit, null);
    }

    /** A run whose row this transaction has locked, as one of its sending visits finds it. */
    private final class LockedRun implements Passage {

        private final Handle handle;
        private final RunRow run;
        private final int visit;

        LockedRun(Handle handle, RunRow run, int visit) {
            this.handle = handle;
            this.run = run;
            this.visit = visit;
        }

        private boolean isThere() {
            return run.open() && run.visit() == visit;
        }

        @Override
        public Optional<Sending> sending() {
            if (!isThere()) {
                return Optional.empty();
            }
            var version = versions.get(handle, run.journeyId(), run.version());
            var row = new RunRows(handle).visit(run.id(), visit).orElseThrow();
            var world = steps.world(handle, run, version);
            var at = new Planner.Visit(visit, row.tile(), row.enteredAt(), null, row.held());
            return Planner.sending(version.document(), at, world).map(what -> sending(version, row, at, what, world));
        }

        private Sending sending(LiveVersion version, VisitRow row, Planner.Visit at, SendingTile what, RunWorld world) {
            return new Sending(
                    run.id(),
                    run.contactId(),
                    visit,
                    version.key(),
                    run.version(),
                    row.tile(),
                    row.pass(),
                    what,
                    Planner.variant(version.document(), at, world).orElse(null),
                    version.document().purposeOrDefault(),
                    Planner.expiry(version.document(), at, world),
                    Planner.waitsUntil(version.document(), at, world),
                    run.enteredAt(),
                    row.enteredAt(),
                    world.triggerValues());
        }

        @Override
        public Hindrance hindrance() {
            return RunAdvance.this.hindrance(handle, run);
        }

        @Override
        public Optional<Next> putOff() {
            return isThere() ? steps.putOff(handle, run).settled() : Optional.empty();
        }

        @Override
        public Optional<Next> leave(VisitEnd end, List<Own> facts) {
            if (!isThere()) {
                steps.note(handle, facts);
                return Optional.empty();
            }
            return switch (end) {
                case VisitEnd.Processed(var outcome, var reason) ->
                    steps.leave(handle, run, "processed", outcome, reason, facts)
                            .settled();
                case VisitEnd.Expired() ->
                    steps.leave(handle, run, "expired", "expired", null, facts).settled();
                case VisitEnd.Stopped(var reason) ->
                    steps.stop(handle, run, reason, facts).settled();
                case VisitEnd.Failed(var reason) ->
                    steps.fail(handle, run, reason, facts).settled();
            };
        }
    }
}
