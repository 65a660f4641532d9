package sojourn.app.journeys;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.interactions.OwnInteractions;
import sojourn.app.interactions.OwnInteractions.Own;
import sojourn.workflows.journeys.Instruction;
import sojourn.workflows.journeys.Instruction.Finish;
import sojourn.workflows.journeys.Planner;
import sojourn.workflows.journeys.Planner.Decision;

/**
 * Carries one run forward in PostgreSQL, as far as it can go now. The caller holds the lock of its row and commits; what
 * is written (visits, figures' interactions, the next instruction) belongs together.
 *
 * <p>A look always decides over what the caller's snapshot has. When the run then listens to more than before, the caller
 * commits and looks again in a younger snapshot: so nothing falls between a wait's beginning and what wakes it. What the
 * run listened to all the time needs no second look: {@link ChangeMatcher} sees it by the row of before as well.
 */
final class RunSteps {

    /** How long after its deadline a run whose workflow is silent is looked after. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    /** How often a run that is sending is looked after. */
    private static final Duration SENDING = Duration.ofMinutes(5);

    private final InstantSource clock;
    private final LiveVersions versions;
    private final OwnInteractions interactions;
    private final FactFilter filter;
    private final RunWorld.ContactQuestion question;

    RunSteps(
            InstantSource clock,
            LiveVersions versions,
            OwnInteractions interactions,
            FactFilter filter,
            RunWorld.ContactQuestion question) {
        this.clock = clock;
        this.versions = versions;
        this.interactions = interactions;
        this.filter = filter;
        this.question = question;
    }

    /**
     * What a look came to.
     *
     * @param changed whether it wrote anything down
     * @param again whether only a look in a younger snapshot can say what the run is to do
     */
    record Looked(Instruction instruction, boolean changed, boolean again) {

        /** What the run is to do, if this look may say so. */
        Optional<Instruction> settled() {
            return again ? Optional.empty() : Optional.of(instruction);
        }
    }

    /**
     * Looks at a run and carries it on.
     *
     * @param due whether the deadline of its visit has come, whatever this machine's clock says
     */
    Looked look(Handle handle, RunRow run, boolean due) {
        if (!run.open()) {
            return new Looked(run.finish(), false, false);
        }
        var now = now();
        if (due && run.until() != null && now.isBefore(run.until())) {
            now = run.until();
        }
        return new Look(handle, run, now, List.of()).carryOn();
    }

    /** Ends a sending visit and carries the run on from there; the facts are of the sending. */
    Looked leave(Handle handle, RunRow run, String status, String outcome, @Nullable String reason, List<Own> facts) {
        return new Look(handle, run, now(), facts).afterSending(status, outcome, reason);
    }

    /**
     * Has a sending visit wait until its message may be sent. Only the sending activity asks for that: whoever else looks
     * leaves a message alone that may be on its way.
     */
    Looked putOff(Handle handle, RunRow run) {
        return new Look(handle, run, now(), List.of()).anew().carryOn();
    }

    /** Ends a run for a reason that the caller has found. */
    Looked stop(Handle handle, RunRow run, String reason, List<Own> facts) {
        return new Look(handle, run, now(), facts).end("stopped", "TileStopped", null, reason);
    }

    Looked fail(Handle handle, RunRow run, String reason, List<Own> facts) {
        return new Look(handle, run, now(), facts).end("failed", "TileFailed", null, reason);
    }

    /** Records facts that come too late to belong to a visit. */
    void note(Handle handle, List<Own> facts) {
        if (!facts.isEmpty()) {
            interactions.record(handle, facts);
        }
    }

    Optional<ExitLook.Due> mustStop(Handle handle, RunRow run) {
        var version = versions.get(handle, run.journeyId(), run.version());
        return ExitLook.look(handle, run, version, new RunWorld(handle, run, version, now(), filter, question));
    }

    /** The goal of a run, open or ended, if it has been reached by now and nobody has noted it. */
    void noteGoal(Handle handle, RunRow run) {
        var look = new Look(handle, run, now(), List.of());
        look.noteGoal();
        look.facts.store(handle, interactions);
    }

    RunWorld world(Handle handle, RunRow run, LiveVersion version) {
        return new RunWorld(handle, run, version, now(), filter, question);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** One look: what it knows, and where the run has come to in it. */
    private final class Look {

        private final Handle handle;
        private final RunRows runs;
        private final RunRow run;
        private final LiveVersion version;
        private final Instant now;
        private final RunWorld world;
        private final RunFacts facts;
        private @Nullable VisitRow visit;
        private boolean changed;
        private boolean toldAnew;

        Look(Handle handle, RunRow run, Instant now, List<Own> facts) {
            this.handle = handle;
            this.runs = new RunRows(handle);
            this.run = run;
            this.version = versions.get(handle, run.journeyId(), run.version());
            this.now = now;
            this.world = new RunWorld(handle, run, version, now, filter, question);
            this.facts = new RunFacts(run, version);
            facts.forEach(this.facts::add);
            this.visit =
                    run.visit() == 0 ? null : runs.visit(run.id(), run.visit()).orElseThrow();
        }

        /** Whatever the run was told before, it is told again. */
        Look anew() {
            toldAnew = true;
            return this;
        }

        Looked carryOn() {
            noteGoal();
            var exit = ExitLook.look(handle, run, version, world);
            if (visit == null) {
                if (exit.isPresent()) {
                    return end("stopped", "TileStopped", null, exit.get().reason());
                }
                enter(version.document().start());
            }
            var until = changed ? null : run.until();
            while (true) {
                var at = new Planner.Visit(
                        current().no(), current().tile(), current().enteredAt(), until);
                var decision = Planner.decide(version.document(), at, world);
                if (exit.isPresent() && mayStop(decision, exit.get())) {
                    return end("stopped", "TileStopped", null, exit.get().reason());
                }
                switch (decision) {
                    case Decision.Stay stay -> {
                        return stay(stay);
                    }
                    case Decision.Leave leave -> {
                        var end = go(leave, "processed", "TileProcessed", null);
                        if (end.isPresent()) {
                            return end.get();
                        }
                        until = null;
                    }
                }
            }
        }

        /**
         * An exit stops a visit that stays, unless its message is being handed over just now: then the sending
         * activity looks itself. A branch that was decided before the exit happened is still taken.
         */
        private boolean mayStop(Decision decision, ExitLook.Due exit) {
            return switch (decision) {
                case Decision.Stay _ -> !runs.handingOver(run.id(), current().no());
                case Decision.Leave leave -> exit.at().isBefore(leave.at());
            };
        }

        Looked afterSending(String status, String outcome, @Nullable String reason) {
            var at = new Planner.Visit(
                    current().no(), current().tile(), current().enteredAt(), null);
            var leave = Planner.afterSending(version.document(), at, outcome, now);
            var type = status.equals("expired") ? "TileExpired" : "TileProcessed";
            return go(leave, status, type, reason).orElseGet(this::carryOn);
        }

        /** Leaves the visit; answers when that ended the run. */
        private Optional<Looked> go(Decision.Leave leave, String status, String type, @Nullable String reason) {
            runs.leave(run.id(), current().no(), status, leave.outcome(), leave.branch(), reason, leave.why(), now);
            facts.left(type, current(), leave.outcome(), leave.branch(), reason, now);
            if (leave.next() == null) {
                return Optional.of(complete(leave.finish()));
            }
            enter(leave.next());
            return Optional.empty();
        }

        private void enter(@Nullable String tile) {
            var name = String.valueOf(tile);
            var type = Optional.ofNullable(version.document().allTiles().get(name))
                    .orElseThrow()
                    .type();
            var entered = runs.enter(run, visit == null ? 1 : visit.no() + 1, name, type, now);
            facts.entered(entered.no(), name, entered.pass(), now);
            visit = entered;
            changed = true;
        }

        private Looked stay(Decision.Stay stay) {
            changed |= toldAnew || isOverOrMoved(stay);
            if (changed || run.instruction() == null) {
                var checkAt =
                        stay.until() == null ? now.plus(SENDING) : stay.until().plus(GRACE);
                runs.stay(
                        run.id(),
                        current().no(),
                        current().tile(),
                        stay.instruction(),
                        stay.until(),
                        stay.listening(),
                        checkAt);
            }
            facts.store(handle, interactions);
            return new Looked(changed ? stay.instruction() : stored(stay), changed, changed && listensToMore(stay));
        }

        /** Whether the send window that the visit waited for has opened, or opens at another time than was thought. */
        private boolean isOverOrMoved(Decision.Stay stay) {
            return run.instruction() instanceof Instruction.Hold hold
                    && hold.visit() == current().no()
                    && !stay.instruction().equals(hold);
        }

        /** Before its first look a run listens to nothing, not even to what ends it early. */
        private boolean listensToMore(Decision.Stay stay) {
            return run.status().equals("pending") || !run.listening().containsAll(stay.listening());
        }

        private Instruction stored(Decision.Stay stay) {
            return run.instruction() == null ? stay.instruction() : run.instruction();
        }

        private Looked complete(String outcome) {
            var finish = new Finish("completed", outcome);
            runs.end(
                    run.id(),
                    "completed",
                    outcome,
                    null,
                    current().no(),
                    current().tile(),
                    finish,
                    now);
            facts.ended("JourneyCompleted", current().tile(), outcome, null, now);
            facts.store(handle, interactions);
            return new Looked(finish, true, false);
        }

        /**
         * Ends the run early, at the tile where it is; at the instant of now and not of the look's beginning, so that
         * what it was found to end for lies before its end.
         */
        Looked end(String status, String tileType, @Nullable String outcome, String reason) {
            var later = RunSteps.this.now();
            var at = later.isAfter(now) ? later : now;
            if (visit != null) {
                runs.leave(run.id(), visit.no(), status, outcome, null, reason, reason, at);
                facts.left(tileType, visit, outcome, null, reason, at);
                runs.cancelReserved(run.id(), at);
            }
            var finish = new Finish(status, reason);
            var tile = visit == null ? null : visit.tile();
            runs.end(run.id(), status, null, reason, visit == null ? 0 : visit.no(), tile, finish, at);
            facts.ended(status.equals("failed") ? "JourneyFailed" : "JourneyStopped", tile, null, reason, at);
            facts.store(handle, interactions);
            return new Looked(finish, true, false);
        }

        void noteGoal() {
            var goal = version.document().goal();
            if (goal == null || goal.interaction() == null || run.goalAt() != null) {
                return;
            }
            var latest = goal.within() == null ? now : goal.within().after(run.enteredAt(), world.contactZone());
            world.first(goal.interaction(), run.enteredAt())
                    .filter(fact -> !fact.occurredAt().isAfter(latest))
                    .ifPresent(fact -> {
                        if (runs.reachGoal(run.id(), fact.occurredAt(), value(fact, goal.value()))) {
                            facts.goal(fact.occurredAt());
                        }
                    });
        }

        private static @Nullable BigDecimal value(FactFilter.Fact fact, @Nullable String property) {
            return property != null && fact.properties().path(property).isNumber()
                    ? fact.properties().path(property).decimalValue()
                    : null;
        }

        private VisitRow current() {
            if (visit == null) {
                throw new IllegalStateException("Run " + run.id() + " has no visit yet");
            }
            return visit;
        }
    }
}
