package sojourn.app.journeys;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.platform.Columns;
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

    private static final Logger log = LoggerFactory.getLogger(RunStory.class);

    private RunStory() {}

    /** What was left, as it is told. */
    record Left(
            String tile,
            String type,
            String outcome,
            @Nullable String branch,
            @Nullable String reason,
            @Nullable String why,
            Instant at) {

        /** E.g. {@code opened: yes (EmailOpened of remind), 2026-11-30T09:00:00Z}. */
        private String line() {
            var reasoned = REASONED.contains(type) && !BY_HAND.contains(outcome);
            var because = reason != null ? reason : reasoned ? why : null;
            return tile + ": " + (branch == null ? outcome : branch) + (because == null ? "" : " (" + because + ")")
                    + ", " + at.truncatedTo(ChronoUnit.SECONDS);
        }
    }

    /** Tells what is known to have been left since the workflow last heard. */
    static Next of(@Nullable LiveVersion version, List<Left> left, Instruction instruction) {
        try {
            var path = left.stream()
                    .skip(Math.max(0, left.size() - LINES))
                    .map(Left::line)
                    .toList();
            var tile = tile(instruction);
            var ahead = tile == null || version == null ? List.<String>of() : ahead(version, tile);
            return path.isEmpty() && ahead.isEmpty() ? instruction : new Next.Explained(path, ahead, instruction);
        } catch (RuntimeException failure) {
            // Nothing is undone or repeated for want of words.
            log.warn("an instruction is given untold", failure);
            return instruction;
        }
    }

    /**
     * Reads what has been left since a visit, and tells it.
     *
     * @param visit where the workflow believes the run to be, 0 before the first
     */
    static Next read(Handle handle, LiveVersions versions, UUID run, int visit, Instruction instruction) {
        var read = handle.createQuery("""
                        select r.journey_id, r.version, left_visit.*
                        from run r
                        left join lateral (
                            select no, tile, type, left_at, coalesce(outcome, status) as outcome, branch, reason,
                                   why #>> '{}' as why
                            from tile_visit
                            where run_id = r.id and no >= :visit and no < :at and left_at is not null
                            order by no desc limit :lines) as left_visit on true
                        where r.id = :run
                        order by left_visit.no
                        """)
                .bind("run", run)
                .bind("visit", visit)
                .bind("at", at(instruction))
                .bind("lines", LINES)
                .map((row, _) -> Read.from(row))
                .list();
        var version =
                versions.get(handle, read.getFirst().journey(), read.getFirst().version());
        return of(
                version, read.stream().map(Read::left).filter(Objects::nonNull).toList(), instruction);
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

    private static List<String> ahead(LiveVersion version, String at) {
        var tile = version.document().allTiles().get(at);
        return tile == null
                ? List.of()
                : tile.exits().values().stream()
                        .map(next -> next == null ? "the end" : next)
                        .distinct()
                        .toList();
    }

    /** The run's version and, if something was left, what. */
    private record Read(int journey, int version, @Nullable Left left) {

        static Read from(ResultSet row) throws SQLException {
            return new Read(
                    row.getInt("journey_id"), row.getInt("version"), row.getString("tile") == null ? null : left(row));
        }

        private static Left left(ResultSet row) throws SQLException {
            return new Left(
                    row.getString("tile"),
                    row.getString("type"),
                    row.getString("outcome"),
                    row.getString("branch"),
                    row.getString("reason"),
                    row.getString("why"),
                    Columns.instant(row, "left_at"));
        }
    }
}
