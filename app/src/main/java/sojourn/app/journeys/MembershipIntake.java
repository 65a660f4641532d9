package sojourn.app.journeys;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Columns;
import sojourn.app.platform.Transactions;
import sojourn.workflows.journeys.JourneyDocument;

/**
 * Takes joiners and leavers of segments from the outbox and makes of each what journeys need: new runs, exits, word to
 * runs that wait for it. One transaction takes rows, handles all journeys they concern, and deletes them.
 */
final class MembershipIntake {

    private static final int MOST_ROWS = 200;
    private static final int MOST_CONTACTS = 1000;

    private final Jdbi jdbi;
    private final LiveVersions versions;
    private final Enrolment enrolment;

    MembershipIntake(Jdbi jdbi, LiveVersions versions, Enrolment enrolment) {
        this.jdbi = jdbi;
        this.versions = versions;
        this.enrolment = enrolment;
    }

    private record Change(long seq, int segmentId, List<Long> joined, List<Long> left, Instant at) {}

    /**
     * What a round did.
     *
     * @param rows how many it took
     * @param concerned how many of these journeys look at
     */
    record Taken(int rows, int concerned) {

        boolean any() {
            return rows > 0;
        }
    }

    /** Handles the oldest rows that nobody else has: one, or several with few contacts. */
    Taken takeSome() {
        return Transactions.in(jdbi, handle -> {
            var changes = take(handle);
            var concerning = concerning(handle, changes);
            concerning.forEach(each -> handle(handle, each));
            return new Taken(changes.size(), concerning.size());
        });
    }

    private static List<Change> take(Handle handle) {
        return handle
                .createQuery("""
                        with waiting as (
                            select seq, cardinality(joined) + cardinality(left_) as contacts
                            from membership_change order by seq limit :rows for update skip locked),
                        counted as (select seq, sum(contacts) over (order by seq) as contacts from waiting)
                        delete from membership_change
                        where seq in (select seq from counted
                                      where contacts <= :contacts or seq = (select min(seq) from waiting))
                        returning seq, segment_id, joined, left_, at
                        """)
                .bind("rows", MOST_ROWS)
                .bind("contacts", MOST_CONTACTS)
                .map((row, _) -> new Change(
                        row.getLong("seq"),
                        row.getInt("segment_id"),
                        List.of((Long[]) row.getArray("joined").getArray()),
                        List.of((Long[]) row.getArray("left_").getArray()),
                        Columns.instant(row, "at")))
                .stream()
                .sorted(Comparator.comparingLong(Change::seq))
                .toList();
    }

    /** Those of segments that a version names of which there may be runs: most segments belong to no journey. */
    private static List<Change> concerning(Handle handle, List<Change> changes) {
        if (changes.isEmpty()) {
            return List.of();
        }
        var named = handle.createQuery("""
                        select distinct named
                        from journey j
                        join journey_version v on v.journey_id = j.id
                        cross join unnest(v.segments) as named
                        where j.state in ('goingLive', 'live', 'paused', 'stopping', 'completing', 'error')
                          and named = any(:segments)
                        """)
                .bindArray(
                        "segments",
                        Integer.class,
                        changes.stream().map(Change::segmentId).distinct().toList())
                .mapTo(Integer.class)
                .set();
        return changes.stream()
                .filter(change -> named.contains(change.segmentId()))
                .toList();
    }

    private void handle(Handle handle, Change change) {
        var contacts = new ArrayList<>(change.joined());
        contacts.addAll(change.left());
        for (var version : versions.concernedBy(handle, change.segmentId())) {
            if (!change.joined().isEmpty() && version.audience().contains(change.segmentId())) {
                enrolment.enter(handle, version, change.joined(), change.at(), Enrolment.BY_AUDIENCE);
            }
        }
        requestExits(handle, change);
        wake(handle, change, contacts);
    }

    /** Runs of any version, older ones too, whose document names the segment as a way out. */
    private void requestExits(Handle handle, Change change) {
        for (var version : openVersions(handle, change.segmentId())) {
            var document = version.document();
            if (version.suppression() != null && version.suppression() == change.segmentId()) {
                request(handle, version, change.joined(), StopReason.SUPPRESSION_SEGMENT, change.at(), false);
            }
            for (var exit : document.exitSegments()) {
                if (names(version, exit.joins(), change)) {
                    request(handle, version, change.joined(), StopReason.EXIT_SEGMENT, change.at(), false);
                }
                if (names(version, exit.leaves(), change)) {
                    request(handle, version, change.left(), StopReason.EXIT_SEGMENT, change.at(), false);
                }
            }
            if (document.exitsWhenLeavingAudience() && version.audience().contains(change.segmentId())) {
                request(handle, version, change.left(), StopReason.LEFT_AUDIENCE, change.at(), true);
            }
        }
    }

    private static boolean names(LiveVersion version, @Nullable String key, Change change) {
        return key != null
                && Integer.valueOf(change.segmentId())
                        .equals(version.segmentIds().get(key));
    }

    private List<LiveVersion> openVersions(Handle handle, int segmentId) {
        return handle.select("""
                        select v.journey_id, v.version
                        from journey_version v join journey j on j.id = v.journey_id
                        where ? = any(v.segments)
                          and j.state in ('goingLive', 'live', 'paused', 'stopping', 'completing', 'error')
                        """, segmentId)
                .map((rows, context) -> versions.get(handle, rows.getInt(1), rows.getInt(2)))
                .list();
    }

    /**
     * Asks the open runs of contacts to end. Leaving one segment of several only counts when the contact is in none (or,
     * of an intersection, not in all) of the audience now. Segments that were joined or left before a run's entry, and whose
     * word comes late, are no exit of it; but whoever is in the suppression segment now is, whichever clock was ahead.
     */
    private static void request(
            Handle handle, LiveVersion version, List<Long> contacts, String reason, Instant at, boolean audience) {
        if (contacts.isEmpty()) {
            return;
        }
        handle.createUpdate("""
                        with gone as (
                            update run r set exit_requested = :reason, exit_at = :at
                            where r.contact_id = any(:contacts) and r.journey_id = :journey and r.version = :version
                              and r.status in ('pending', 'active') and r.exit_requested is null
                              and (:leaving or r.entered_at <= :at
                                   or exists (select from membership m
                                              where m.contact_id = r.contact_id and m.segment_id = :suppression))
                              and (not :leaving
                                   or (r.entered_by = 'audience'
                                       and (select count(*) from membership m
                                            where m.contact_id = r.contact_id and m.segment_id = any(:audience)) < :wanted))
                            returning r.id)
                        insert into run_signal (run_id, because) select id, :reason from gone
                        """)
                .bindArray("contacts", Long.class, contacts)
                .bindArray("audience", Integer.class, version.audience())
                .bind("wanted", wanted(version.document(), version))
                .bind("journey", version.journeyId())
                .bind("version", version.version())
                .bind("reason", reason)
                .bind("at", at)
                .bind("leaving", audience)
                .bind("suppression", reason.equals(StopReason.SUPPRESSION_SEGMENT) ? version.suppression() : null)
                .execute();
    }

    private static int wanted(JourneyDocument document, LiveVersion version) {
        return document.audienceIsIntersection() ? version.audience().size() : 1;
    }

    private static void wake(Handle handle, Change change, List<Long> contacts) {
        handle.createUpdate("""
                        insert into run_signal (run_id, because)
                        select r.id, told.cause
                        from (select 'segment:' || key as cause from segment where id = :segment) as told
                        join run r on told.cause = any(r.listening)
                        where r.contact_id = any(:contacts) and r.status = 'active'
                        """)
                .bindArray("contacts", Long.class, contacts)
                .bind("segment", change.segmentId())
                .execute();
    }
}
