package sojourn.workflows.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.Planner.Decision;
import sojourn.workflows.journeys.Planner.Visit;
import sojourn.workflows.journeys.Planner.World;

/**
 * Enters another live journey.
 *
 * @param journey its key
 * @param waiting whether the run goes on only when that one has ended
 * @param maximum how long it waits, for ever when null
 */
public record StartJourney(
        @Nullable String journey,
        @JsonProperty("wait") @Nullable Boolean waiting,
        @Nullable Span maximum,
        @JsonInclude @Nullable String next)
        implements Tile.Acting {

    /** The outcome when the other journey let the contact in. */
    public static final String ENTERED = "entered";

    /** What all ends of runs are recorded as. */
    private static final List<String> ENDS = List.of("JourneyCompleted", "JourneyStopped", "JourneyFailed");

    private static final Span FOR_EVER = Span.parse("P100Y");

    /**
     * The run that a visit has started.
     *
     * @param status as the row has it
     * @param endedAt null while it is open
     */
    public record Started(String status, @Nullable Instant endedAt) {}

    @Override
    public String type() {
        return "startJourney";
    }

    @Override
    public Map<String, @Nullable String> exits() {
        return Exits.of("/next", next);
    }

    Decision decide(Visit visit, World world) {
        var started = world.started(visit.no());
        if (started.isEmpty()) {
            return new Decision.Act(this);
        }
        var until = visit.until() == null ? until(visit, world) : visit.until();
        var endedAt = started.get().endedAt();
        if (endedAt != null) {
            return leave(started.get().status(), endedAt, journey + " has ended for the contact");
        }
        return world.now().isBefore(until)
                ? stay(visit, until)
                : leave("time-over", until, journey + " goes on, but the time is over");
    }

    /** What the visit does when the other journey has let the contact in, or has not. */
    Decision after(Visit visit, Done done, World world) {
        return Boolean.TRUE.equals(waiting) && done.outcome().equals(ENTERED)
                ? stay(visit, until(visit, world))
                : ActingPlan.leave(done, next, world);
    }

    private Instant until(Visit visit, World world) {
        return (maximum == null ? FOR_EVER : maximum).after(visit.enteredAt(), world.contactZone());
    }

    private Decision stay(Visit visit, Instant until) {
        return new Decision.Stay(
                new Instruction.Await(visit.no(), visit.tile(), until, "the end of " + journey), until, ENDS);
    }

    private Decision leave(String outcome, Instant at, String why) {
        return new Decision.Leave(outcome, null, at, next, Planner.COMPLETED, why);
    }
}
