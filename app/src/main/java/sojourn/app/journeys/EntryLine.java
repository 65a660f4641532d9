package sojourn.app.journeys;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Transactions;

/**
 * Lets those in who wait in line, in the order in which they came, as limits allow. A row leaves the line in the
 * transaction that makes its run; everything that entry asks is asked again then, and who may not enter any more takes up no
 * turn.
 */
final class EntryLine {

    /** How many rows one transaction looks at: most of a line may have left the audience meanwhile. */
    private static final int MOST = 1000;

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final LiveVersions versions;
    private final Enrolment enrolment;

    EntryLine(Jdbi jdbi, InstantSource clock, LiveVersions versions, Enrolment enrolment) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.versions = versions;
        this.enrolment = enrolment;
    }

    /** Public for the row mapper. */
    public record Waiting(
            long contactId,
            String enteredBy,
            Instant since,
            @Nullable String triggerId,
            @Nullable Instant triggerAt,
            @Nullable String binding) {

        private Enrolment.Candidate candidate(Instant at) {
            return new Enrolment.Candidate(
                    contactId,
                    at,
                    triggerId == null || triggerAt == null
                            ? null
                            : new Enrolment.Trigger(triggerId, triggerAt, binding));
        }
    }

    /** Takes the turns that have come; says whether there is more to do at once. */
    boolean letInSome() {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var more = false;
        for (var journey : due(now)) {
            more |= Transactions.in(jdbi, handle -> letIn(handle, journey, now));
        }
        var dissolved = Transactions.in(jdbi, EntryLine::dissolve);
        return more || dissolved;
    }

    private List<Integer> due(Instant now) {
        return jdbi.withHandle(
                handle -> handle.select("""
                        select p.journey_id
                        from entry_pace p join journey j on j.id = p.journey_id
                        where j.state = 'live' and p.next_at <= ?
                          and exists (select from entry_wait w where w.journey_id = p.journey_id)
                        order by p.next_at
                        """, now).mapTo(Integer.class).list());
    }

    private boolean letIn(Handle handle, int journey, Instant now) {
        var gate = Gate.of(handle, journey, versions)
                .filter(found -> !found.paused())
                .orElse(null);
        var turn = gate == null
                ? null
                : EntryTurn.takeIfFree(handle, gate.version()).orElse(null);
        if (gate == null || turn == null || turn.nextAt().isAfter(now)) {
            return false;
        }
        if (turn.left() == 0) {
            return leave(handle, journey, MOST) > 0;
        }
        var pace = gate.version().pace();
        var opens = pace.opens(now);
        if (opens.isAfter(now)) {
            handle.execute("update entry_pace set next_at = ? where journey_id = ?", opens, journey);
            return false;
        }
        var places = Math.toIntExact(Math.min(turn.left(), pace.places(now)));
        var latest = latest(gate.version(), now);
        var entered = 0;
        var looked = 0;
        while (entered < places && looked < MOST) {
            var some = take(handle, journey, places - entered);
            for (var together : together(some, latest)) {
                var candidates =
                        together.stream().map(each -> each.candidate(now)).toList();
                entered += enrolment
                        .admit(handle, gate, candidates, together.getFirst().enteredBy())
                        .size();
            }
            looked += some.size();
            if (some.size() < places - entered) {
                break;
            }
        }
        turn.letIn(handle, entered, now);
        return looked > 0 && (entered == 0 || !pace.after(now).isAfter(now));
    }

    private static List<Waiting> take(Handle handle, int journey, int most) {
        return handle.createQuery("""
                        with gone as (
                            delete from entry_wait
                            where journey_id = :journey
                              and seq in (select seq from entry_wait where journey_id = :journey order by seq limit :most)
                            returning *)
                        select contact_id, entered_by, since, trigger_id, trigger_at, binding from gone order by seq
                        """)
                .bind("journey", journey)
                .bind("most", most)
                .map(ConstructorMapper.of(Waiting.class))
                .list();
    }

    /** Those in time, in the same order; each part came the same way and has each contact once. */
    private static List<List<Waiting>> together(List<Waiting> all, @Nullable Instant latest) {
        var parts = new ArrayList<List<Waiting>>();
        var contacts = new HashSet<Long>();
        var by = "";
        for (var each : all) {
            if (latest != null && !each.since().isAfter(latest)) {
                continue;
            }
            if (!each.enteredBy().equals(by) || contacts.contains(each.contactId())) {
                parts.add(new ArrayList<>());
                contacts.clear();
                by = each.enteredBy();
            }
            parts.getLast().add(each);
            contacts.add(each.contactId());
        }
        return parts;
    }

    /** Who has waited longer than since then leaves the line when it comes to the head; null when nobody does. */
    private static @Nullable Instant latest(LiveVersion version, Instant now) {
        var limits = version.document().limits();
        return limits == null || limits.expiry() == null
                ? null
                : limits.expiry().before(now, version.zone());
    }

    private static int leave(Handle handle, int journey, int most) {
        return handle.execute("""
                delete from entry_wait
                where journey_id = ? and seq in (select seq from entry_wait where journey_id = ? order by seq limit ?)
                """, journey, journey, most);
    }

    /** Nobody waits for a journey that has ended. */
    private static boolean dissolve(Handle handle) {
        var ended = handle.select("""
                        select j.id from journey j join entry_pace p on p.journey_id = j.id
                        where j.state in ('stopping', 'stopped', 'completing', 'completed')
                          and exists (select from entry_wait w where w.journey_id = j.id)
                        limit 1
                        """).mapTo(Integer.class).findOne();
        return ended.map(journey -> leave(handle, journey, MOST) > 0).orElse(false);
    }
}
