package sojourn.app.journeys;

import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Columns;

/**
 * Where a contact stands in the line of those whom limits hold back.
 *
 * @param since when it joined the line, or did what lets it in
 * @param before how many are before it
 * @param expectedAt when its turn comes, if all of these get in; null when that is years ahead
 * @param until when it leaves the line at the latest; null when it may wait as long as it takes
 */
record EntryWaiting(
        Instant since,
        long before,
        @Nullable Instant expectedAt,
        @Nullable Instant until) {

    /** Of several places in the line, the first. */
    static Optional<EntryWaiting> of(Handle handle, LiveVersion version, long contact, Instant at) {
        return handle.createQuery("""
                        select w.since, p.next_at,
                               (select count(*) from entry_wait b
                                where b.journey_id = w.journey_id and b.seq < w.seq) as before
                        from entry_wait w join entry_pace p on p.journey_id = w.journey_id
                        where w.contact_id = :contact and w.journey_id = :journey
                        order by w.seq limit 1
                        """)
                .bind("contact", contact)
                .bind("journey", version.journeyId())
                .map((row, _) -> {
                    var next = Columns.instant(row, "next_at");
                    var before = row.getLong("before");
                    var since = Columns.instant(row, "since");
                    var limits = version.document().limits();
                    return new EntryWaiting(
                            since,
                            before,
                            version.pace()
                                    .turn(next.isAfter(at) ? next : at, before)
                                    .orElse(null),
                            limits == null || limits.expiry() == null
                                    ? null
                                    : limits.expiry().after(since, version.zone()));
                })
                .findOne();
    }

    /** For a person. */
    String inWords() {
        return "The contact waits for its turn: limit; it is expected "
                + (expectedAt == null ? "in some years" : "at " + expectedAt) + ", behind " + before + " others"
                + (until != null && (expectedAt == null || !expectedAt.isBefore(until))
                        ? ", and leaves the line before, at " + until
                        : "");
    }
}
