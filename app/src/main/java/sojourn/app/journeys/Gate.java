package sojourn.app.journeys;

import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Columns;

/**
 * A journey as who wants to enter finds it, and as it stays until the transaction ends: it holds its row against a stop, a
 * pause, a new version and a new iteration.
 *
 * @param version the live one
 * @param begun how many iterations ever began
 * @param nextIterationAt when the next is due; null when there is none
 */
record Gate(
        LiveVersion version,
        boolean paused,
        int begun,
        @Nullable Instant nextIterationAt) {

    /** Empty when the journey is neither live nor paused: a stop that came first lets nobody in. */
    static Optional<Gate> of(Handle handle, int journey, LiveVersions versions) {
        return handle.select("""
                        select live_version, state = 'paused' as paused, iteration, next_iteration_at
                        from journey where id = ? and state in ('live', 'paused') for share
                        """, journey)
                .map((row, _) -> new Gate(
                        versions.get(handle, journey, row.getInt("live_version")),
                        row.getBoolean("paused"),
                        row.getInt("iteration"),
                        Columns.instantOrNull(row, "next_iteration_at")))
                .findOne();
    }

    /** In which iteration a contact enters: the next as soon as it is due, should nobody have begun it yet. */
    int iteration(Instant at) {
        return nextIterationAt == null || at.isBefore(nextIterationAt) ? begun : begun + 1;
    }
}
