package sojourn.workflows.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.Planner.Decision;
import sojourn.workflows.journeys.Planner.Visit;
import sojourn.workflows.journeys.Planner.World;

/**
 * How often a run may come to a wait: what lets a path come back to where it was, and lets no run go round for ever.
 *
 * @param most so many passes wait
 * @param then where every later one goes at once; null ends the run as {@code completed}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Passes(
        @Nullable Integer most, @JsonInclude @Nullable String then) {

    private static final Duration SHORTEST = Duration.ofMinutes(1);

    /** What a tile says of them; null when it says nothing. */
    public static @Nullable Passes of(Tile tile) {
        return switch (tile) {
            case Tile.WaitFor wait -> wait.passes();
            case Tile.WaitUntil wait -> wait.passes();
            default -> null;
        };
    }

    /** Whether runs wait at a tile for a minute at least, so that a path may come back through it once it says how often. */
    public static boolean fit(Tile tile) {
        return switch (tile) {
            case Tile.WaitFor wait -> isLong(wait.duration());
            case Tile.WaitUntil wait -> isLong(wait);
            default -> false;
        };
    }

    private static boolean isLong(@Nullable Span duration) {
        return duration != null
                && (!duration.calendar().isZero() || duration.clock().compareTo(SHORTEST) >= 0);
    }

    /** The next of a weekday or a time is waited for again by whoever comes back; a fixed moment has passed by then. */
    private static boolean isLong(Tile.WaitUntil wait) {
        return wait.at() == null && wait.attribute() == null && (wait.weekday() != null || wait.time() != null);
    }

    /** Where a visit goes that does not wait any more; empty when it may wait. Decided on arrival, once and for all. */
    static Optional<Decision> beyond(@Nullable Passes passes, Visit visit, World world) {
        if (passes == null
                || passes.most() == null
                || visit.until() != null
                || world.passes(visit.tile()) <= passes.most()) {
            return Optional.empty();
        }
        var times = passes.most() == 1 ? "once" : passes.most() + " times";
        return Optional.of(new Decision.Leave(
                "used-up",
                null,
                visit.enteredAt(),
                passes.then(),
                Planner.COMPLETED,
                "has waited here " + times + ", the most that it may"));
    }
}
