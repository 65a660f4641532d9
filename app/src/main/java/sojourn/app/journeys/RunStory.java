package sojourn.app.journeys;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.Instruction;
import sojourn.workflows.journeys.Next;

/**
 * What the Temporal UI shows of a run beside its instruction. Written into histories: keys, ids and slugs, and of reasons in
 * words only those that name interactions, segments and shares.
 */
final class RunStory {

    /** Of so many tiles passed at once the last are told; a workflow that begins anew hears as many of the whole path. */
    private static final int LINES = 30;

    /** Types of tiles whose reason names interactions, segments or shares. A condition or a moment may name more. */
    private static final Set<String> REASONED = Set.of("ifThen", "split", "startJourney", "callWorkflow");

    /** What an operator did, who may have written what they like. */
    private static final Set<String> BY_HAND = Set.of("moved", "skipped");

    private RunStory() {}

    /**
     * Tells what has been left since a visit.
     *
     * @param visit where the workflow believes the run to be, 0 before the first
     */
    static Next of(Handle handle, LiveVersions versions, UUID run, int visit, Instruction instruction) {
        var path = handle
                .createQuery("""
                        select * from (
                            select no, tile, type, left_at, coalesce(outcome, status) as outcome, branch, reason,
                                   why #>> '{}' as why
                            from tile_visit
                            where run_id = :run and no >= :visit and no < :at and left_at is not null
                            order by no desc limit :lines) as latest
                        order by no
                        """)
                .bind("run", run)
                .bind("visit", visit)
                .bind("at", at(instruction))
                .bind("lines", LINES)
                .map(ConstructorMapper.of(Left.class))
                .stream()
                .map(Left::line)
                .toList();
        var ahead = ahead(handle, versions, run, instruction);
        return path.isEmpty() && ahead.isEmpty() ? instruction : new Next.Explained(path, ahead, instruction);
    }

    /** What was left after the instruction was given is told with the next. */
    private static int at(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Hold hold -> hold.visit();
            case Instruction.Await await -> await.visit();
            case Instruction.Deliver deliver -> deliver.visit();
            case Instruction.Call call -> call.visit();
            case Instruction.Finish _ -> Integer.MAX_VALUE;
        };
    }

    private static @Nullable String tile(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Hold hold -> hold.tile();
            case Instruction.Await await -> await.tile();
            case Instruction.Deliver deliver -> deliver.tile();
            case Instruction.Call call -> call.tile();
            case Instruction.Finish _ -> null;
        };
    }

    private static List<String> ahead(Handle handle, LiveVersions versions, UUID run, Instruction instruction) {
        var at = tile(instruction);
        if (at == null) {
            return List.of();
        }
        var row = new RunRows(handle).find(run).orElseThrow();
        var tile = versions.get(handle, row.journeyId(), row.version())
                .document()
                .allTiles()
                .get(at);
        return tile == null
                ? List.of()
                : tile.exits().values().stream()
                        .map(next -> next == null ? "the end" : next)
                        .distinct()
                        .toList();
    }

    /** Public for the row mapper. */
    public record Left(
            int no,
            String tile,
            String type,
            Instant leftAt,
            String outcome,
            @Nullable String branch,
            @Nullable String reason,
            @Nullable String why) {

        /** E.g. {@code opened: yes (EmailOpened of remind), 2026-11-30T09:00:00Z}. */
        String line() {
            var because = reason != null ? reason : REASONED.contains(type) && !BY_HAND.contains(outcome) ? why : null;
            return tile + ": " + (branch == null ? outcome : branch) + (because == null ? "" : " (" + because + ")")
                    + ", " + leftAt.truncatedTo(ChronoUnit.SECONDS);
        }
    }
}
