package sojourn.app.segments;

import static java.util.stream.Collectors.toMap;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Changes;
import sojourn.app.platform.Transactions;

/**
 * Moves the windows of live segments with the clock, each second: the contacts of what entered or left a window go to
 * the change queue, restricted to that segment, in the transaction that moves the segment's clock.
 */
final class ClockPass {

    /** After a long silence the clock catches up in steps, so that no transaction grows without bound. */
    private static final Duration LONGEST_STEP = Duration.ofDays(1);

    private final Jdbi jdbi;
    private final Vocabulary vocabulary;
    private final Changes changes;
    private final InstantSource clock;

    ClockPass(Jdbi jdbi, Vocabulary vocabulary, Changes changes, InstantSource clock) {
        this.jdbi = jdbi;
        this.vocabulary = vocabulary;
        this.changes = changes;
        this.clock = clock;
    }

    /** Says whether the clocks are still behind. */
    boolean run() {
        var moved = Transactions.in(jdbi, this::move);
        if (moved.contacts() > 0) {
            changes.kick();
        }
        return moved.behind();
    }

    private record Moved(int contacts, boolean behind) {}

    private Moved move(Handle handle) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var clocks = take(handle, now);
        if (clocks.isEmpty()) {
            return new Moved(0, false);
        }
        var words = vocabulary.read(handle);
        var segments = LiveSegments.read(handle, words, clocks.keySet());
        var slices = new LinkedHashMap<Integer, List<Slices.Slice>>();
        var reached = new LinkedHashMap<Integer, Instant>();
        for (var segment : segments) {
            var before = clocks.get(segment.id());
            if (before != null) {
                var until = earlier(now, before.plus(LONGEST_STEP));
                slices.put(segment.id(), Slices.of(segment.needs(), before, until, segment.zone(), words.typeIds()));
                reached.put(segment.id(), until);
            }
        }
        var contacts = 0;
        for (var entry : Slices.contacts(handle, slices).entrySet()) {
            SegmentChanges.restricted(handle, entry.getKey(), entry.getValue(), now, 0);
            contacts += entry.getValue().size();
        }
        set(handle, reached);
        return new Moved(contacts, reached.values().stream().anyMatch(until -> until.isBefore(now)));
    }

    /** The clocks that are behind, locked; those that another process moves just now are left to it. */
    private static Map<Integer, Instant> take(Handle handle, Instant now) {
        return handle.createQuery("""
                        select segment_id, at from segment_clock
                        where at < :now::timestamptz
                        order by segment_id
                        for update skip locked
                        """)
                .bind("now", now)
                .map((row, _) -> Map.entry(
                        row.getInt(1), row.getObject(2, OffsetDateTime.class).toInstant()))
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Sets clocks, making them where there are none. */
    static void set(Handle handle, Map<Integer, Instant> clocks) {
        var segments = List.copyOf(clocks.keySet());
        handle.createUpdate("""
                        insert into segment_clock (segment_id, at)
                        select segment, timestamptz 'epoch' + micros * interval '1 microsecond'
                        from unnest(:segments, :micros) as given (segment, micros)
                        on conflict (segment_id) do update set at = excluded.at
                        """)
                .bind("segments", segments.toArray(Integer[]::new))
                .bind(
                        "micros",
                        segments.stream()
                                .map(segment -> Slices.micros(clocks.getOrDefault(segment, Instant.EPOCH)))
                                .toArray(Long[]::new))
                .execute();
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
