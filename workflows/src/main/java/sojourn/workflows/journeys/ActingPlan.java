package sojourn.workflows.journeys;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.Planner.Decision;
import sojourn.workflows.journeys.Planner.Visit;
import sojourn.workflows.journeys.Planner.World;

/** The part of the {@link Planner} that is about tiles which do something. */
final class ActingPlan {

    private ActingPlan() {}

    static Decision decide(Tile.Acting tile, Visit visit, World world) {
        return switch (tile) {
            case Split split -> split(split, visit, world);
            case AbTest test ->
                world.variant(visit.no())
                        .flatMap(assigned -> go(test, assigned, visit, world))
                        .orElseGet(() -> new Decision.Act(test));
            case UpdateContact _, Tile.Picking _, Emit _, Tile.ToDo _, CreateLead _ -> new Decision.Act(tile);
            case StartJourney start -> start.decide(visit, world);
        };
    }

    /** What the visit does when its tile has acted. */
    static Decision after(Tile.Acting tile, Visit visit, Done done, World world) {
        return switch (tile) {
            case Split split -> {
                var counted = done.branch() == null ? Optional.<Split.Way>empty() : split.named(done.branch());
                yield counted.isPresent() ? go(counted.get(), done.why(), world) : byChance(split, visit, world);
            }
            case AbTest test ->
                go(test, new AbTest.Assigned(String.valueOf(done.branch()), done.why()), visit, world)
                        .orElseThrow(
                                () -> new IllegalStateException("No variant of " + visit.tile() + " takes anyone"));
            case UpdateContact update -> leave(done, update.next(), world);
            case Tile.Picking picking -> leave(done, picking.next(), world);
            case Emit emit -> leave(done, emit.next(), world);
            case Tile.ToDo toDo -> leave(done, toDo.next(), world);
            case CreateLead lead -> leave(done, lead.next(), world);
            case StartJourney start -> start.after(visit, done, world);
        };
    }

    private static Decision split(Split tile, Visit visit, World world) {
        var before = world.branchBefore(visit.tile()).flatMap(tile::named);
        if (before.isPresent()) {
            return go(before.get(), "the way of before", world);
        }
        return tile.counted().isEmpty() ? byChance(tile, visit, world) : new Decision.Act(tile);
    }

    private static Decision byChance(Split tile, Visit visit, World world) {
        var way = tile.at(world.chance(visit.tile()))
                .orElseThrow(() -> new IllegalStateException("No branch of " + visit.tile() + " takes everyone"));
        return go(way, "by chance, " + way.share() + " of 100", world);
    }

    /** Empty when the test has no such variant any more. */
    private static Optional<Decision> go(AbTest test, AbTest.Assigned assigned, Visit visit, World world) {
        return test.named(assigned.variant())
                .map(variant -> test.sending(variant)
                        .map(sending -> PlannerOfSending.decide(sending, visit, world))
                        .orElseGet(() -> new Decision.Leave(
                                "branch",
                                assigned.variant(),
                                world.now(),
                                variant.next(),
                                Planner.COMPLETED,
                                assigned.why())));
    }

    static Decision leave(Done done, @Nullable String next, World world) {
        return new Decision.Leave(done.outcome(), done.branch(), world.now(), next, Planner.COMPLETED, done.why());
    }

    private static Decision go(Split.Way way, String why, World world) {
        return new Decision.Leave("branch", way.name(), world.now(), way.next(), Planner.COMPLETED, why);
    }
}
