package sojourn.app.journeys;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import sojourn.app.interactions.OwnInteractions;
import sojourn.app.interactions.OwnInteractions.Own;

/**
 * Lets contacts into a journey: makes a run row for each that may enter, once, and records that it entered. Who is kept
 * out (excluded, suppressed, not active, in no audience any more) gets no row and may enter at the next joining.
 *
 * <p>The row of {@code journey_contact} decides who was first: a repeat after a crash, or another instance at the same
 * moment, finds it and adds nothing.
 */
final class Enrolment {

    static final String BY_AUDIENCE = "audience";
    static final String BY_API = "api";
    static final String BY_JOURNEY = "journey";

    private final OwnInteractions interactions;

    Enrolment(OwnInteractions interactions) {
        this.interactions = interactions;
    }

    /** A run that has just been made. */
    public record Entered(UUID id, long contactId) {}

    /**
     * Enters contacts of the audience.
     *
     * @param at the instant that counts as their entry
     * @return the runs made, of those who may enter and have not yet
     */
    List<Entered> enter(Handle handle, LiveVersion version, Collection<Long> contacts, Instant at, String by) {
        if (!letsIn(handle, version.journeyId())) {
            return List.of();
        }
        var entered = handle.createQuery("""
                        with candidate as (
                            select c.id from contact c
                            where c.id = any(:contacts) and c.state = 'active'
                              and not exists (select 1 from membership m
                                              where m.contact_id = c.id and m.segment_id = any(:keptOut))
                              and (:by <> 'audience'
                                   or (select count(*) from membership m
                                       where m.contact_id = c.id and m.segment_id = any(:audience)) >= :wanted)
                            order by c.id),
                        first as (
                            insert into journey_contact (journey_id, contact_id, last_run, entered_at)
                            select :journey, id, 1, :at from candidate order by id
                            on conflict (journey_id, contact_id) do nothing
                            returning contact_id, last_run)
                        insert into run (contact_id, journey_id, version, run_no, status, entered_at, entered_by, check_at)
                        select contact_id, :journey, :version, last_run, 'pending', :at, :by, :at
                        from first order by contact_id
                        returning id, contact_id
                        """)
                .bindArray("contacts", Long.class, contacts)
                .bindArray("keptOut", Integer.class, keptOut(version))
                .bindArray("audience", Integer.class, version.audience())
                .bind(
                        "wanted",
                        version.document().audienceIsIntersection()
                                ? version.audience().size()
                                : 1)
                .bind("journey", version.journeyId())
                .bind("version", version.version())
                .bind("at", at)
                .bind("by", by)
                .map(ConstructorMapper.of(Entered.class))
                .list();
        interactions.record(
                handle,
                entered.stream().map(each -> journeyEntered(each, version, at)).toList());
        return entered;
    }

    private static Own journeyEntered(Entered run, LiveVersion version, Instant at) {
        var properties = Map.<String, Object>of(
                "journey", version.key(),
                "version", version.version(),
                "run", run.id().toString(),
                "runEnteredAt", at.toString(),
                "delta", 1);
        return new Own("run/" + run.id() + "/begun", run.contactId(), "JourneyEntered", at, properties);
    }

    /** Holds the journey's row against a stop until this transaction ends; a stop that came first lets nobody in. */
    private static boolean letsIn(Handle handle, int journey) {
        return handle.select("select state from journey where id = ? for share", journey)
                .mapTo(String.class)
                .findOne()
                .filter("live"::equals)
                .isPresent();
    }

    private static List<Integer> keptOut(LiveVersion version) {
        var keptOut = new ArrayList<>(version.excluded());
        if (version.suppression() != null) {
            keptOut.add(version.suppression());
        }
        return keptOut;
    }
}
