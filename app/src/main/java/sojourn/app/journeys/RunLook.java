package sojourn.app.journeys;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.interactions.OwnInteractions;
import sojourn.app.interactions.OwnInteractions.Own;
import sojourn.app.journeys.RunSteps.Looked;
import sojourn.app.segments.language.QueryException;
import sojourn.workflows.journeys.AbTest;
import sojourn.workflows.journeys.CallWorkflow;
import sojourn.workflows.journeys.Instruction;
import sojourn.workflows.journeys.Instruction.Finish;
import sojourn.workflows.journeys.Planner;
import sojourn.workflows.journeys.Planner.Decision;

/**
 * One look at a run: what it knows, and where the run has come to in it. Made for one transaction, in which the caller has
 * locked the run's row; see {@link RunSteps}.
 */
final class RunLook {

    /** How long after its deadline a run whose workflow is silent is looked after. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    /** How often a run that is sending is looked after. */
    private static final Duration SENDING = Duration.ofMinutes(5);

    /** What a run that a pause holds up waits for. */
    static final String PAUSED = "the journey to be resumed";

    /** When the workflow of a run that is held up looks by itself. */
    private static final Duration LONGEST_PAUSE = Duration.ofDays(30);

    /** What every look needs. */
    record Means(
            InstantSource clock,
            LiveVersions versions,
            OwnInteractions interactions,
            FactFilter filter,
            RunWorld.ContactQuestion question,
            TileEffects effects,
            Seeing seeing) {

        Instant now() {
            return clock.instant().truncatedTo(ChronoUnit.MICROS);
        }

        RunWorld world(Handle handle, RunRow run, LiveVersion version, Instant now) {
            return new RunWorld(handle, run, version, now, filter, question);
        }
    }

    private final Means means;
    private final Handle handle;
    private final RunRows runs;
    private final RunRow run;
    private final LiveVersion version;
    private final Instant now;
    private final int turn;
    private final RunFacts facts;
    private final List<RunStory.Left> left = new ArrayList<>();
    private RunWorld world;
    private @Nullable VisitRow visit;
    private boolean changed;

    /**
     * @param facts of whoever carries the run on, to be recorded with its own
     * @param turn the visit whose tile may act in this look, since that was prepared; 0 for none
     */
    RunLook(Means means, Handle handle, RunRow run, Instant now, List<Own> facts, int turn) {
        this.means = means;
        this.handle = handle;
        this.runs = new RunRows(handle);
        this.run = run;
        this.version = means.versions().get(handle, run.journeyId(), run.version());
        this.now = now;
        this.turn = turn;
        this.world = world();
        this.facts = new RunFacts(run, version);
        facts.forEach(this.facts::add);
        this.visit = run.visit() == 0 ? null : runs.visit(run.id(), run.visit()).orElseThrow();
    }

    Looked carryOn() {
        noteGoal();
        var around = ExitLook.look(handle, run, version, world);
        var exit = around.due();
        if (visit == null) {
            if (exit != null) {
                return end("stopped", "TileStopped", null, exit.reason());
            }
            enter(version.document().start());
        }
        var until = changed ? null : run.until();
        while (true) {
            var at = at(until);
            Decision decision;
            try {
                decision = Planner.decide(version.document(), at, world);
            } catch (QueryException notUnderstood) {
                if (exit == null) {
                    throw notUnderstood;
                }
                return end("stopped", "TileStopped", null, exit.reason());
            }
            if (exit != null && mayStop(decision, exit)) {
                return end("stopped", "TileStopped", null, exit.reason());
            }
            if (around.paused() && goesOn(decision) && onItsWay().isEmpty()) {
                return stay(pause());
            }
            @Nullable String reason = null;
            if (decision instanceof Decision.Act(var tile)) {
                if (TileEffects.needsTurn(tile) && current().no() != turn) {
                    return awaitTurn();
                }
                var done = means.effects().act(handle, new TileEffects.At(run, version, current(), world), tile);
                // What the run may look at is not what it was.
                changed = true;
                if (tile instanceof AbTest) {
                    visit = runs.give(run.id(), current().no(), String.valueOf(done.branch()), done.why());
                }
                world = world();
                exit = ExitLook.look(handle, run, version, world).due();
                reason = done.reason();
                decision = Planner.afterActing(tile, at, done, world);
            }
            switch (decision) {
                case Decision.Act _ ->
                    throw new IllegalStateException("The tile " + current().tile() + " has acted");
                case Decision.Stay stay -> {
                    return stay(stay);
                }
                case Decision.Leave leave -> {
                    var end = go(leave, "processed", "TileProcessed", reason, seen(leave));
                    if (end.isPresent()) {
                        return end.get();
                    }
                    until = null;
                }
            }
        }
    }

    /** What a pause holds up: leaving a tile, sending, calling. Waits go on waiting. */
    private boolean goesOn(Decision decision) {
        return !(decision instanceof Decision.Stay stay)
                || stay.instruction() instanceof Instruction.Deliver
                || (stay.instruction() instanceof Instruction.Call call && !call.equals(run.instruction()));
    }

    /** A resume wakes the run, which then decides anew, over what has happened meanwhile. */
    private Decision.Stay pause() {
        var held = run.instruction() instanceof Instruction.Hold hold
                        && hold.waitingFor().equals(PAUSED)
                        && hold.until().isAfter(now)
                        && !changed
                ? hold
                : new Instruction.Hold(current().no(), current().tile(), now.plus(LONGEST_PAUSE), PAUSED);
        return new Decision.Stay(held, changed ? null : run.until(), run.listening());
    }

    /**
     * An exit stops a visit that stays, unless its message is being handed over just now: then the sending
     * activity looks itself. A branch that was decided before the exit happened is still taken.
     */
    private boolean mayStop(Decision decision, ExitLook.Due exit) {
        return switch (decision) {
            case Decision.Act _ -> true;
            case Decision.Stay _ -> !runs.handingOver(run.id(), current().no());
            case Decision.Leave leave -> exit.at().isBefore(leave.at());
        };
    }

    Looked afterSending(String status, String outcome, @Nullable String reason) {
        var leave = Planner.afterSending(version.document(), at(null), outcome, world);
        var type = status.equals("expired") ? "TileExpired" : "TileProcessed";
        return go(leave, status, type, reason).orElseGet(this::carryOn);
    }

    Looked afterCalling(CallWorkflow.Answer answer) {
        return Planner.afterCalling(version.document(), current().tile(), answer, now)
                .flatMap(leave -> go(leave, "processed", "TileProcessed", null))
                .orElseGet(this::carryOn);
    }

    Optional<Looked> skip(String why) {
        return Planner.skip(version.document(), at(null), now, why)
                .map(leave -> go(leave, "processed", "TileProcessed", null).orElseGet(this::carryOn));
    }

    Looked moveTo(String tile, String why) {
        if (visit == null) {
            enter(tile);
            return carryOn();
        }
        runs.cancelReserved(run.id(), now);
        var leave = new Decision.Leave("moved", null, now, tile, "", why);
        return go(leave, "stopped", "TileStopped", "moved").orElseGet(this::carryOn);
    }

    Looked retry(@Nullable String reason) {
        facts.reopened(current().tile(), reason, now);
        enter(current().tile());
        return carryOn();
    }

    private @Nullable Seen seen(Decision.Leave leave) {
        var tile = version.document().allTiles().get(current().tile());
        return tile == null
                ? null
                : means.seeing().of(handle, run, version, world, tile, leave).orElse(null);
    }

    private Optional<Looked> go(Decision.Leave leave, String status, String type, @Nullable String reason) {
        return go(leave, status, type, reason, null);
    }

    /** Leaves the visit; answers when that ended the run. */
    private Optional<Looked> go(
            Decision.Leave leave, String status, String type, @Nullable String reason, @Nullable Seen seen) {
        var branch = leave.branch() == null ? current().branch() : leave.branch();
        runs.leave(run.id(), current().no(), status, leave.outcome(), branch, reason, leave.why(), seen, now);
        facts.left(type, current(), leave.outcome(), branch, reason, now);
        tell(current(), status, leave.outcome(), branch, reason, leave.why(), now);
        if (leave.next() == null) {
            return Optional.of(complete(leave.finish()));
        }
        enter(leave.next());
        return Optional.empty();
    }

    private void tell(
            VisitRow from,
            String status,
            @Nullable String outcome,
            @Nullable String branch,
            @Nullable String reason,
            @Nullable String why,
            Instant at) {
        left.add(new RunStory.Left(
                from.tile(), from.type(), outcome == null ? status : outcome, branch, reason, why, at));
    }

    private Looked looked(Instruction instruction, boolean wrote, boolean again) {
        return new Looked(instruction, wrote, again, 0, run.visit(), visit == null ? 0 : visit.no(), left, version);
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

    private Looked stay(Decision.Stay decided) {
        var stay = onItsWay()
                .map(deliver -> new Decision.Stay(deliver, run.until(), run.listening()))
                .orElse(decided);
        // With another version the same instruction may have another deadline in the row: none yet.
        var moved = !stay.instruction().equals(run.instruction()) || !Objects.equals(stay.until(), run.until());
        if (changed || moved) {
            runs.stay(
                    run.id(),
                    current().no(),
                    current().tile(),
                    stay.instruction(),
                    stay.until(),
                    stay.listening(),
                    checkAt(stay.instruction()));
        }
        facts.store(handle, means.interactions());
        return looked(stay.instruction(), changed || moved, changed && listensToMore(stay));
    }

    /** A message that is being handed over is left alone, whatever has become of its time since. */
    private Optional<Instruction.Deliver> onItsWay() {
        return !changed
                        && run.instruction() instanceof Instruction.Deliver deliver
                        && runs.handingOver(run.id(), current().no())
                ? Optional.of(deliver)
                : Optional.empty();
    }

    private Instant checkAt(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Hold hold -> hold.until().plus(GRACE);
            case Instruction.Await await -> await.until().plus(GRACE);
            case Instruction.Call call -> call.until().plus(GRACE);
            case Instruction.Deliver _, Finish _ -> now.plus(SENDING);
        };
    }

    /** Stays until a look comes that was prepared for the tile; should none come soon, the workflow asks for one. */
    private Looked awaitTurn() {
        var soon = new Instruction.Hold(current().no(), current().tile(), now, "its turn");
        return stay(new Decision.Stay(soon, now, List.of()))
                .awaitingTurn(current().no());
    }

    private Planner.Visit at(@Nullable Instant until) {
        return new Planner.Visit(
                current().no(),
                current().tile(),
                current().enteredAt(),
                until,
                current().held());
    }

    private RunWorld world() {
        return means.world(handle, run, version, now);
    }

    /** Before its first look a run listens to nothing, not even to what ends it early. */
    private boolean listensToMore(Decision.Stay stay) {
        return run.status().equals("pending") || !run.listening().containsAll(stay.listening());
    }

    private Looked complete(String outcome) {
        var finish = new Finish("completed", outcome);
        runs.end(run.id(), "completed", outcome, null, current().no(), current().tile(), finish, now);
        facts.ended("JourneyCompleted", current().tile(), outcome, null, now);
        facts.store(handle, means.interactions());
        return looked(finish, true, false);
    }

    /**
     * Ends the run early, at the tile where it is; at the instant of now and not of the look's beginning, so that
     * what it was found to end for lies before its end.
     */
    Looked end(String status, String tileType, @Nullable String outcome, String reason) {
        var later = means.now();
        var at = later.isAfter(now) ? later : now;
        if (visit != null) {
            runs.leave(run.id(), visit.no(), status, outcome, visit.branch(), reason, reason, null, at);
            facts.left(tileType, visit, outcome, visit.branch(), reason, at);
            tell(visit, status, outcome, visit.branch(), reason, reason, at);
            runs.cancelReserved(run.id(), at);
        }
        var finish = new Finish(status, reason);
        var tile = visit == null ? null : visit.tile();
        runs.end(run.id(), status, null, reason, visit == null ? 0 : visit.no(), tile, finish, at);
        facts.ended(status.equals("failed") ? "JourneyFailed" : "JourneyStopped", tile, null, reason, at);
        facts.store(handle, means.interactions());
        return looked(finish, true, false);
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

    /** Records what was found. */
    void store() {
        facts.store(handle, means.interactions());
    }
}
