package sojourn.workflows.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.Planner.Decision;
import sojourn.workflows.journeys.Planner.Visit;
import sojourn.workflows.journeys.Planner.World;

/**
 * Starts a workflow of somebody else, once for each visit.
 *
 * @param workflow its type
 * @param taskQueue whose workers know it
 * @param waiting whether the run goes on only when it has ended
 * @param maximum how long it waits, for ever when null
 * @param failed where to go when it failed or took too long; {@code otherwise} when null
 * @param otherwise where to go without waiting, or when its result is none of the branches'
 */
public record CallWorkflow(
        @Nullable String workflow,
        @Nullable String taskQueue,
        @JsonProperty("wait") @Nullable Boolean waiting,
        @Nullable Span maximum,
        @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<Way> branches,
        @Nullable String failed,
        @JsonInclude @Nullable String otherwise)
        implements Tile.Elsewhere {

    /** The name under which {@code failed} is counted. */
    public static final String FAILED = "failed";

    private static final Span FOR_EVER = Span.parse("P100Y");

    public CallWorkflow {
        branches = branches == null ? null : List.copyOf(branches);
    }

    /** A way out: taken when the workflow's result is any of these. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Way(
            @Nullable String name,
            @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<String> results,
            @JsonInclude @Nullable String next) {

        public Way {
            results = results == null ? null : List.copyOf(results);
        }

        public List<String> any() {
            return results == null ? List.of() : results;
        }
    }

    /** For whom it is called: what the workflow is given, ids and keys only. */
    public record Caller(UUID run, String journey, int version, UUID contact) {}

    /**
     * What became of the workflow.
     *
     * @param status {@code started} when nobody waits for it, {@code completed} or {@code failed}
     * @param result what it answered, as text
     */
    public record Answer(String status, @Nullable String result) {}

    public List<Way> all() {
        return branches == null ? List.of() : branches;
    }

    public boolean waits() {
        return Boolean.TRUE.equals(waiting);
    }

    @Override
    public String type() {
        return "callWorkflow";
    }

    @Override
    public Map<String, @Nullable String> exits() {
        var exits = Exits.of("/otherwise", otherwise);
        if (failed != null) {
            exits.put("/failed", failed);
        }
        for (var index = 0; index < all().size(); index++) {
            exits.put("/branches/" + index + "/next", all().get(index).next());
        }
        return exits;
    }

    @Override
    public List<String> branchNames() {
        return waits()
                ? Stream.concat(
                                all().stream().map(Way::name).flatMap(Stream::ofNullable),
                                Stream.of(FAILED, Tile.OTHERWISE))
                        .toList()
                : List.of();
    }

    Decision decide(Visit visit, World world) {
        var limit = maximum == null ? FOR_EVER : maximum;
        var until = visit.until() == null ? limit.after(visit.enteredAt(), world.contactZone()) : visit.until();
        if (waits() && !world.now().isBefore(until)) {
            return failed("time-over", until, workflow + " goes on, but the time is over");
        }
        var call = new Instruction.Call(
                visit.no(),
                visit.tile(),
                String.valueOf(workflow),
                String.valueOf(taskQueue),
                waits(),
                until,
                world.caller());
        return new Decision.Stay(call, until, List.of());
    }

    /** Where the run goes when the workflow has answered. */
    Decision.Leave after(Answer answer, Instant at) {
        if (answer.status().equals(FAILED)) {
            return failed(FAILED, at, workflow + " failed");
        }
        if (!waits()) {
            return new Decision.Leave(answer.status(), null, at, otherwise, Planner.COMPLETED, "started " + workflow);
        }
        return all().stream()
                .filter(way -> answer.result() != null && way.any().contains(answer.result()))
                .findFirst()
                .map(way -> leave(answer.status(), way.name(), at, way.next(), "its result is one of the branch's"))
                .orElseGet(() ->
                        leave(answer.status(), Tile.OTHERWISE, at, otherwise, "its result is none of the branches'"));
    }

    private Decision.Leave failed(String outcome, Instant at, String why) {
        return leave(outcome, FAILED, at, failed == null ? otherwise : failed, why);
    }

    private static Decision.Leave leave(
            String outcome, @Nullable String branch, Instant at, @Nullable String next, String why) {
        return new Decision.Leave(outcome, branch, at, next, Planner.COMPLETED, why);
    }
}
