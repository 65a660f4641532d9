package sojourn.app.journeys;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import sojourn.app.platform.Columns;

/**
 * How far the entry of a journey is, which nobody else changes until the transaction ends. Whoever takes it holds the
 * journey's row already, by a {@link Gate}.
 *
 * @param nextAt when the next contact in line may enter, at the earliest
 * @param entries how many runs there are, as far as a limit counts them
 */
record EntryTurn(LiveVersion version, Instant nextAt, long entries) {

    /** Empty when there is nothing that would hold contacts back. */
    static Optional<EntryTurn> take(Handle handle, LiveVersion version) {
        return read(handle, version, "for update");
    }

    /** The same; empty also when somebody else has it just now. */
    static Optional<EntryTurn> takeIfFree(Handle handle, LiveVersion version) {
        return read(handle, version, "for update skip locked");
    }

    private static Optional<EntryTurn> read(Handle handle, LiveVersion version, String lock) {
        return handle.createQuery("select next_at, entries from entry_pace where journey_id = :journey <lock>")
                .define("lock", lock)
                .bind("journey", version.journeyId())
                .map((row, _) -> new EntryTurn(version, Columns.instant(row, "next_at"), row.getLong("entries")))
                .findOne();
    }

    /** Makes it be there. */
    static void open(Handle handle, int journey, Instant at) {
        handle.execute(
                "insert into entry_pace (journey_id, next_at) values (?, ?) on conflict (journey_id) do nothing",
                journey,
                at);
    }

    /** What limits have counted so far is counted anew, since the last version may have had none; with the journey locked. */
    static void begin(Handle handle, LiveVersion version, Instant now) {
        var limits = version.document().limits();
        if (limits != null) {
            open(handle, version.journeyId(), now);
        }
        var last = handle.select(
                        "select last_at from entry_pace where journey_id = ? and last_at <= ?",
                        version.journeyId(),
                        now)
                .mapTo(Instant.class)
                .findOne();
        handle.createUpdate("""
                        update entry_pace
                        set next_at = :next,
                            entries = case when :counted
                                           then (select count(*) from run r where r.journey_id = :journey)
                                           else 0 end
                        where journey_id = :journey
                        """)
                .bind(
                        "next",
                        last.map(version.pace()::after)
                                .orElseGet(() -> version.pace().opens(now)))
                .bind("counted", limits != null && limits.total() != null)
                .bind("journey", version.journeyId())
                .execute();
    }

    /** Whether as many as may have entered. */
    static boolean isFull(Handle handle, LiveVersion version) {
        var limits = version.document().limits();
        return limits != null
                && limits.total() != null
                && handle.select(
                                "select entries >= ? from entry_pace where journey_id = ?",
                                limits.total(),
                                version.journeyId())
                        .mapTo(Boolean.class)
                        .findOne()
                        .orElse(false);
    }

    /** How many may still enter. */
    long left() {
        var limits = version.document().limits();
        return limits == null || limits.total() == null ? Long.MAX_VALUE : Math.max(0, limits.total() - entries);
    }

    <T> List<T> asManyAsMay(List<T> candidates) {
        return candidates.size() <= left() ? candidates : candidates.subList(0, Math.toIntExact(left()));
    }

    /** The turn that is used up by whoever is let in out of line. */
    Instant laterThan(Instant at) {
        return at.isAfter(nextAt) ? at : nextAt;
    }

    /** Writes down that contacts were let in. */
    void letIn(Handle handle, int entered, Instant turn) {
        if (entered > 0) {
            handle.execute(
                    "update entry_pace set last_at = ?, next_at = ?, entries = entries + ? where journey_id = ?",
                    turn,
                    version.pace().after(turn),
                    entered,
                    version.journeyId());
        }
    }
}
