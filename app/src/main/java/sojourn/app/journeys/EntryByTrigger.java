package sojourn.app.journeys;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import sojourn.app.platform.Columns;

/**
 * Lets contacts in because of what they did: each interaction of the type that a live journey waits for, if its filter lets
 * it pass. Only what happened since the journey went live lets in: a history that is imported starts nothing.
 */
final class EntryByTrigger {

    private static final int PAGE = 500;
    private static final TypeReference<JsonNode> NODE = new TypeReference<>() {};

    /** An interaction in the order in which they happened. */
    private record Seen(Instant at, String id) {
        static final Seen NOTHING = new Seen(Instant.EPOCH, "");
    }

    /** By journey, how far what was missed has been gone through; only a place to go on from, and lost without harm. */
    private final Map<Integer, Seen> missedUpTo = new ConcurrentHashMap<>();

    private final LiveVersions versions;
    private final FactFilter filter;
    private final Enrolment enrolment;
    private final InstantSource clock;

    EntryByTrigger(LiveVersions versions, FactFilter filter, Enrolment enrolment, InstantSource clock) {
        this.versions = versions;
        this.filter = filter;
        this.enrolment = enrolment;
        this.clock = clock;
    }

    private record Happened(
            int journey, int version, String type, long contactId, String id, Instant occurredAt, JsonNode properties) {

        private static Happened from(ResultSet row, StatementContext context) throws SQLException {
            return new Happened(
                    row.getInt("journey"),
                    row.getInt("version"),
                    row.getString("type"),
                    row.getLong("contact_id"),
                    row.getString("id"),
                    Columns.instant(row, "occurred_at"),
                    Columns.json(row, "properties", NODE));
        }

        private FactFilter.Fact fact() {
            return new FactFilter.Fact(type, occurredAt, properties);
        }
    }

    /** Enters those of whom these rows of the change queue speak; says whether any passed the filter. */
    boolean enter(Handle handle, List<Long> changes) {
        return isWaitedFor(handle, changes)
                && enterAll(
                        handle,
                        handle.createQuery("""
                        select distinct j.id as journey, v.version, v.trigger_type as type, i.contact_id, i.id, i.occurred_at,
                               coalesce(i.properties, '{}') as properties
                        from change
                        join journey_version v on v.trigger_type = any(change.causes)
                        join journey j on j.id = v.journey_id and j.live_version = v.version and j.state = 'live'
                        cross join unnest(change.contact_ids) as changed (id)
                        join interaction i on i.contact_id = changed.id
                             and i.type_id = (select t.id from interaction_type t where t.key = v.trigger_type)
                             and i.occurred_at >= j.entering_since
                             -- Received with this row; as near as the clock's digits go.
                             and i.received_at between change.at - interval '1 ms' and change.at + interval '1 ms'
                        where change.seq = any(:changes)
                        order by i.occurred_at, i.id
                        """)
                                .bindArray("changes", Long.class, changes)
                                .map(Happened::from)
                                .list());
    }

    /** Whether any live journey waits for what happened. It costs little, while interactions are looked for in every month. */
    private static boolean isWaitedFor(Handle handle, List<Long> changes) {
        return handle.createQuery("""
                        select exists (select from change
                                       join journey_version v on v.trigger_type = any(change.causes)
                                       join journey j on j.id = v.journey_id and j.live_version = v.version
                                       where change.seq = any(:changes) and j.state = 'live')
                        """)
                .bindArray("changes", Long.class, changes)
                .mapTo(Boolean.class)
                .one();
    }

    /**
     * Enters some of those who did something while a journey was paused; says whether there may be more. Going through
     * the same again does no harm.
     */
    boolean enterMissed(Handle handle) {
        var journey = handle.createQuery("""
                        select id from journey where state = 'live' and missed_from is not null
                        order by missed_from limit 1 for no key update skip locked
                        """).mapTo(Integer.class).findOne();
        journey.ifPresent(id -> enterMissed(handle, id));
        return journey.isPresent();
    }

    private void enterMissed(Handle handle, int journey) {
        var after = missedUpTo.getOrDefault(journey, Seen.NOTHING);
        var some = handle.createQuery("""
                        select j.id as journey, v.version, v.trigger_type as type, i.contact_id, i.id, i.occurred_at,
                               coalesce(i.properties, '{}') as properties
                        from journey j
                        join journey_version v on v.journey_id = j.id and v.version = j.live_version
                        join interaction i on i.type_id = (select t.id from interaction_type t where t.key = v.trigger_type)
                             and i.occurred_at >= greatest(j.entering_since, :at::timestamptz)
                             and (i.occurred_at, i.id) > (:at::timestamptz, :id)
                             and i.received_at between j.missed_from and j.missed_until
                        where j.id = :journey
                        order by i.occurred_at, i.id
                        limit :limit
                        """)
                .bind("journey", journey)
                .bind("at", after.at())
                .bind("id", after.id())
                .bind("limit", PAGE)
                .map(Happened::from)
                .list();
        enterAll(handle, some);
        if (some.size() < PAGE) {
            missedUpTo.remove(journey);
            handle.execute("update journey set missed_from = null, missed_until = null where id = ?", journey);
        } else {
            missedUpTo.put(
                    journey,
                    new Seen(some.getLast().occurredAt(), some.getLast().id()));
        }
    }

    /** Enters them in the order in which it happened. */
    private boolean enterAll(Handle handle, List<Happened> all) {
        var entered = false;
        var together = new ArrayList<Happened>();
        var contacts = new HashSet<Long>();
        for (var each : all) {
            var differs = !together.isEmpty() && together.getFirst().journey() != each.journey();
            if (differs || contacts.contains(each.contactId())) {
                entered |= enterTogether(handle, together);
                together.clear();
                contacts.clear();
            }
            together.add(each);
            contacts.add(each.contactId());
        }
        return enterTogether(handle, together) || entered;
    }

    /** Interactions of one journey, each of another contact. */
    private boolean enterTogether(Handle handle, List<Happened> some) {
        if (some.isEmpty()) {
            return false;
        }
        var version =
                versions.get(handle, some.getFirst().journey(), some.getFirst().version());
        var candidates = some.stream()
                .filter(each -> letsIn(handle, version, each))
                .map(each -> candidate(version, each))
                .toList();
        enrolment.enter(handle, version, candidates, Enrolment.BY_TRIGGER);
        return !candidates.isEmpty();
    }

    /** The contact's latest interaction that lets in, whether it did or not; looked for among its last 500 of the type. */
    Optional<Enrolment.Trigger> latest(Handle handle, LiveVersion version, long contact) {
        var some = handle.createQuery("""
                        select j.id as journey, v.version, v.trigger_type as type, i.contact_id, i.id, i.occurred_at,
                               coalesce(i.properties, '{}') as properties
                        from journey j
                        join journey_version v on v.journey_id = j.id and v.version = :version
                        join interaction i on i.type_id = (select t.id from interaction_type t where t.key = v.trigger_type)
                             and i.contact_id = :contact and i.occurred_at >= j.entering_since
                        where j.id = :journey
                        order by i.occurred_at desc, i.id desc
                        limit :limit
                        """)
                .bind("journey", version.journeyId())
                .bind("version", version.version())
                .bind("contact", contact)
                .bind("limit", PAGE)
                .map(Happened::from)
                .list();
        return some.stream()
                .filter(each -> letsIn(handle, version, each))
                .findFirst()
                .map(each -> trigger(version, each));
    }

    private boolean letsIn(Handle handle, LiveVersion version, Happened happened) {
        var trigger = version.document().trigger();
        var wanted = trigger == null ? null : trigger.filter();
        return filter.matches(handle, happened.fact(), wanted, version.zone(), clock.instant());
    }

    private static Enrolment.Candidate candidate(LiveVersion version, Happened happened) {
        return new Enrolment.Candidate(happened.contactId(), happened.occurredAt(), trigger(version, happened));
    }

    private static Enrolment.Trigger trigger(LiveVersion version, Happened happened) {
        var key = version.document().bindingKey();
        var binding = key == null ? null : Binding.of(happened.properties(), key);
        return new Enrolment.Trigger(happened.id(), happened.occurredAt(), binding);
    }
}
