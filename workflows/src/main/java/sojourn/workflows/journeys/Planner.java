package sojourn.workflows.journeys;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.Tile.AttributeBranch;
import sojourn.workflows.journeys.Tile.End;
import sojourn.workflows.journeys.Tile.IfThen;
import sojourn.workflows.journeys.Tile.WaitFor;
import sojourn.workflows.journeys.Tile.WaitUntil;

/**
 * Decides what a visit of a tile does: stay and wait for something, or leave for the next tile. Pure: what it needs to
 * know of the contact it asks the {@link World}. Asked on arrival and each time something may have happened; a visit
 * that stays keeps the deadline it was given on arrival.
 */
public final class Planner {

    /** What a decision may look at, all in one snapshot. */
    public interface World {

        Instant now();

        /** The contact's own zone, the journey's where that is unknown. */
        ZoneId contactZone();

        ZoneId journeyZone();

        /** When the run entered the journey. */
        Instant entered();

        /** When the run's latest visit of an earlier tile began. */
        Optional<Instant> visited(String tile);

        /** When the run last left a tile; empty when it never has. */
        Optional<Instant> left(String tile);

        /** How often the run has come to a tile, now included. */
        int passes(String tile);

        /** When an interaction had happened often enough, counting from {@code since} to {@code until}, both included. */
        Optional<Instant> happened(Tile.Happening happening, Instant since, Instant until);

        /** When the contact became to a segment what is asked; for a state that holds, no earlier than {@code since}. */
        Optional<Instant> became(String segment, Tile.Relation relation, Instant since, Instant until);

        /**
         * The moment that an attribute of the contact says, or, after {@code trigger.}, a property of the interaction that
         * let the run in: a {@link java.time.LocalDate} or an {@link Instant}.
         */
        Optional<Object> moment(String attribute);

        /** Whether a condition of the segment language holds for the contact now. */
        boolean holds(String condition);

        /** The branch by which the contact last left a tile of the journey, in this run or an earlier one. */
        Optional<String> branchBefore(String tile);

        /** The variant that a visit of an {@link AbTest} was given; empty before. */
        Optional<AbTest.Assigned> variant(int visit);

        /** The run of another journey that a visit has started. */
        Optional<StartJourney.Started> started(int visit);

        /** For whom workflows of somebody else are called. */
        CallWorkflow.Caller caller();

        /** From 0 to 9,999, by chance, and always the same for the contact, the journey and the tile. */
        int chance(String tile);
    }

    /**
     * A stay at a tile.
     *
     * @param until the deadline given on arrival, null on arrival and on the first look by another version
     * @param held by how much pauses have made its wait longer
     */
    public record Visit(
            int no,
            String tile,
            Instant enteredAt,
            @Nullable Instant until,
            Duration held) {

        /** The deadline: as given, or so long after the arrival as a wait takes in a zone. */
        Instant until(Span wait, ZoneId zone) {
            return until == null ? wait.after(enteredAt, zone).plus(held) : until;
        }
    }

    /** What a visit does. */
    public sealed interface Decision {

        /**
         * Stays.
         *
         * @param until when it ends at the latest; null while a message is being sent
         * @param listening interaction types and {@code segment:key}s that may end it sooner
         */
        record Stay(Instruction instruction, @Nullable Instant until, List<String> listening) implements Decision {}

        /** Does what its tile says; what comes of it is told to {@link Planner#afterActing}. */
        record Act(Tile.Acting tile) implements Decision {}

        /**
         * Leaves.
         *
         * @param at the instant that decided it
         * @param next the tile to go to; null ends the run with {@code finish}
         * @param why for a person, without personal data
         */
        record Leave(
                String outcome,
                @Nullable String branch,
                Instant at,
                @Nullable String next,
                String finish,
                String why) implements Decision {}
    }

    /** Begins the names of what the interaction says that let the run in. */
    public static final String TRIGGER = "trigger.";

    static final String COMPLETED = "completed";

    /** Listens to changes of the contact itself, which are called so in the change queue. */
    private static final String PROFILE = "profile";

    private Planner() {}

    /** What the visit does now. The document has been checked: what a live version needs is there. */
    public static Decision decide(JourneyDocument journey, Visit visit, World world) {
        return switch (tile(journey, visit.tile())) {
            case SendingTile sending -> PlannerOfSending.decide(sending, visit, world);
            case WaitFor waitFor -> waitFor(waitFor, visit, world);
            case WaitUntil waitUntil -> waitUntil(waitUntil, visit, world);
            case IfThen ifThen -> ifThen(ifThen, visit, world);
            case AttributeBranch branch -> attributeBranch(branch, world);
            case CallWorkflow call -> call.decide(visit, world);
            case Tile.Acting acting -> ActingPlan.decide(acting, visit, world);
            case End(var outcome) ->
                leave("ended", null, world.now(), null, outcome == null ? COMPLETED : outcome, "the end of the path");
        };
    }

    /** Where a visit goes whose wait somebody ends; empty when its tile does not wait. Of an ifThen, time is up. */
    public static Optional<Decision.Leave> skip(JourneyDocument journey, Visit visit, Instant at, String why) {
        return switch (tile(journey, visit.tile())) {
            case WaitFor wait -> Optional.of(leave("skipped", null, at, wait.next(), COMPLETED, why));
            case WaitUntil wait -> Optional.of(leave("skipped", null, at, wait.next(), COMPLETED, why));
            case IfThen ifThen -> Optional.of(leave("skipped", Tile.OTHERWISE, at, ifThen.otherwise(), COMPLETED, why));
            default -> Optional.empty();
        };
    }

    /** What the visit sends; empty when its tile sends nothing, or nothing yet. */
    public static Optional<SendingTile> sending(JourneyDocument journey, Visit visit, World world) {
        return tile(journey, visit.tile()) instanceof AbTest test
                ? variant(test, visit, world).flatMap(test::sending)
                : Optional.ofNullable(tile(journey, visit.tile()).sending());
    }

    /** The variant of the visit; empty when its tile is no test, or has given it none yet. */
    public static Optional<AbTest.Variant> variant(JourneyDocument journey, Visit visit, World world) {
        return tile(journey, visit.tile()) instanceof AbTest test ? variant(test, visit, world) : Optional.empty();
    }

    private static Optional<AbTest.Variant> variant(AbTest test, Visit visit, World world) {
        return world.variant(visit.no()).map(AbTest.Assigned::variant).flatMap(test::named);
    }

    /** When a message of this visit is given up; null for never. */
    public static @Nullable Instant expiry(JourneyDocument journey, Visit visit, World world) {
        return sending(journey, visit, world)
                .map(sending -> PlannerOfSending.expiry(sending, visit, world))
                .orElse(null);
    }

    /** When the message of this visit may be sent; null when that is now, or when it has expired. */
    public static @Nullable Instant waitsUntil(JourneyDocument journey, Visit visit, World world) {
        return sending(journey, visit, world)
                .map(sending -> PlannerOfSending.opens(sending, visit, world))
                .filter(opens -> opens.isAfter(world.now()))
                .orElse(null);
    }

    /** Where a visit goes when its message has been dealt with. */
    public static Decision.Leave afterSending(JourneyDocument journey, Visit visit, String outcome, World world) {
        var sending = tile(journey, visit.tile()).sending();
        var next = sending == null ? null : sending.next();
        var what = (sending == null ? "message" : sending.type()) + " " + outcome;
        var assigned = tile(journey, visit.tile()) instanceof AbTest
                ? world.variant(visit.no()).orElse(null)
                : null;
        return assigned == null
                ? leave(outcome, null, world.now(), next, COMPLETED, what)
                : leave(outcome, assigned.variant(), world.now(), next, COMPLETED, assigned.why() + "; " + what);
    }

    /** What the visit does when its tile has acted: it leaves, or stays for what is to come of it. */
    public static Decision afterActing(Tile.Acting tile, Visit visit, Done done, World world) {
        return ActingPlan.after(tile, visit, done, world);
    }

    /** Where the run goes when the workflow that its tile called has answered; empty when its tile calls none. */
    public static Optional<Decision.Leave> afterCalling(
            JourneyDocument journey, String tile, CallWorkflow.Answer answer, Instant at) {
        return tile(journey, tile) instanceof CallWorkflow call
                ? Optional.of(call.after(answer, at))
                : Optional.empty();
    }

    private static Tile tile(JourneyDocument journey, String id) {
        var tile = journey.allTiles().get(id);
        if (tile == null) {
            throw new IllegalArgumentException("The journey has no tile " + id);
        }
        // What has variants is given one first, whatever it is called.
        return AbTest.of(tile).<Tile>map(test -> test).orElse(tile);
    }

    private static Decision waitFor(WaitFor tile, Visit visit, World world) {
        var beyond = Passes.beyond(tile.passes(), visit, world);
        if (beyond.isPresent()) {
            return beyond.get();
        }
        var span = tile.duration() == null ? Span.ZERO : tile.duration();
        var until = visit.until(span, zone(tile.zone(), world));
        if (!world.now().isBefore(until)) {
            return leave("waited", null, until, tile.next(), COMPLETED, "waited for " + span.inWords());
        }
        return new Decision.Stay(
                new Instruction.Hold(visit.no(), visit.tile(), until, span.inWords()), until, List.of());
    }

    private static Decision waitUntil(WaitUntil tile, Visit visit, World world) {
        var beyond = Passes.beyond(tile.passes(), visit, world);
        if (beyond.isPresent()) {
            return beyond.get();
        }
        var until = tile.attribute() == null && visit.until() != null
                ? Optional.of(visit.until())
                : Moment.of(tile, visit, zone(tile.zone(), world), world);
        if (until.isEmpty()) {
            return past(tile, visit, tile.attribute() + " says no moment");
        }
        var at = until.get();
        if (visit.until() == null && isPast(tile, at, visit.enteredAt())) {
            return past(tile, visit, at + " had passed on arrival");
        }
        if (!world.now().isBefore(at)) {
            return leave("waited", null, at, tile.next(), COMPLETED, at + " has come");
        }
        // What the contact says may change while the run waits, and the wait moves with it.
        var listening = mayMove(tile) ? List.of(PROFILE) : List.<String>of();
        return new Decision.Stay(
                new Instruction.Hold(visit.no(), visit.tile(), at, Moment.inWords(tile)), at, listening);
    }

    private static boolean isPast(WaitUntil tile, Instant at, Instant arrived) {
        // The next of a weekday or of a time of day may be now; then it has come, and is not past.
        var isNext = tile.at() == null && tile.attribute() == null;
        return isNext ? at.isBefore(arrived) : !at.isAfter(arrived);
    }

    private static Decision past(WaitUntil tile, Visit visit, String why) {
        var skips = tile.past() != null && !tile.past().equals(WaitUntil.CONTINUE);
        return leave("past", null, visit.enteredAt(), skips ? tile.past() : tile.next(), COMPLETED, why);
    }

    private static boolean mayMove(WaitUntil tile) {
        return tile.attribute() != null && !tile.attribute().startsWith(TRIGGER);
    }

    private static Decision ifThen(IfThen tile, Visit visit, World world) {
        var limit = tile.timeLimit() == null ? Span.ZERO : tile.timeLimit();
        var until = visit.until(limit, world.contactZone());
        var since = since(tile, visit, world);

        Decision.@Nullable Leave first = null;
        for (var branch : tile.all()) {
            for (var condition : branch.any()) {
                var at = holds(condition, since, until, world);
                if (at.isPresent() && (first == null || at.get().isBefore(first.at()))) {
                    first = leave("branch", branch.name(), at.get(), branch.next(), COMPLETED, inWords(condition));
                }
            }
        }
        if (first != null) {
            return first;
        }
        if (!world.now().isBefore(until)) {
            return leave(
                    "branch",
                    Tile.OTHERWISE,
                    until,
                    tile.otherwise(),
                    COMPLETED,
                    limit.isZero() ? "nothing held" : "nothing held within " + limit.inWords());
        }
        var listening = tile.all().stream()
                .flatMap(branch -> branch.any().stream())
                .flatMap(Tile.Condition::listensTo)
                .distinct()
                .toList();
        var waitingFor = String.join(" or ", listening) + ", at most " + limit.inWords();
        return new Decision.Stay(new Instruction.Await(visit.no(), visit.tile(), until, waitingFor), until, listening);
    }

    private static Optional<Instant> holds(Tile.Condition condition, Instant since, Instant until, World world) {
        if (condition.interaction() != null) {
            return world.happened(condition.interaction(), since, until);
        }
        if (condition.segment() != null && condition.is() != null) {
            return world.became(condition.segment(), condition.is(), since, until);
        }
        return Optional.empty();
    }

    private static Instant since(IfThen tile, Visit visit, World world) {
        var since = tile.since();
        if (since == null || since.equals("run")) {
            return world.entered();
        }
        if (since.equals("tile")) {
            return visit.enteredAt();
        }
        // A tile may be called P1D: the author's own names come first.
        return world.visited(since)
                .orElseGet(() -> looksLikeSpan(since)
                        ? Span.parse(since).before(visit.enteredAt(), world.contactZone())
                        : world.entered());
    }

    /** Whether {@code since} is a duration back and not a tile. */
    public static boolean looksLikeSpan(String since) {
        try {
            Span.parse(since);
            return true;
        } catch (IllegalArgumentException notASpan) {
            return false;
        }
    }

    private static Decision attributeBranch(AttributeBranch tile, World world) {
        for (var branch : tile.all()) {
            if (branch.when() != null && world.holds(branch.when())) {
                return leave("branch", branch.name(), world.now(), branch.next(), COMPLETED, branch.when());
            }
        }
        return leave("branch", Tile.OTHERWISE, world.now(), tile.otherwise(), COMPLETED, "no condition held");
    }

    private static String inWords(Tile.Condition condition) {
        var words = new ArrayList<String>();
        if (condition.interaction() != null) {
            var happening = condition.interaction();
            words.add(String.valueOf(happening.type()));
            if (happening.of() != null) {
                words.add("of " + happening.of());
            }
            if (happening.atLeast() != null) {
                words.add("at least " + happening.atLeast());
            }
        } else {
            words.add(condition.is() + " " + condition.segment());
        }
        return String.join(" ", words);
    }

    private static ZoneId zone(Tile.@Nullable Zone zone, World world) {
        return zone == Tile.Zone.journey ? world.journeyZone() : world.contactZone();
    }

    private static Decision.Leave leave(
            String outcome, @Nullable String branch, Instant at, @Nullable String next, String finish, String why) {
        return new Decision.Leave(outcome, branch, at, next, finish, why);
    }
}
