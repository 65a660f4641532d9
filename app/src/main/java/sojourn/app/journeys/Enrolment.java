package sojourn.app.journeys;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import sojourn.app.interactions.OwnInteractions;
import sojourn.app.interactions.OwnInteractions.Own;
import sojourn.workflows.journeys.JourneyDocument;

/**
 * Lets contacts into a journey: makes a run row for each that may enter, and records that it entered. Who is kept out
 * (excluded, suppressed, not active, in no audience any more, too soon again) gets no row and may enter at the next
 * joining or with the next interaction. {@link EntryVerdict} says of one contact what it was: what is asked here, is asked
 * there.
 *
 * <p>The row of {@code journey_contact} decides who was first: a repeat after a crash, or another instance at the same
 * moment, finds it and adds nothing. An interaction lets in once, whatever the journey allows.
 */
final class Enrolment {

    static final String BY_AUDIENCE = "audience";
    static final String BY_API = "api";
    static final String BY_LIST = "list";
    static final String BY_JOURNEY = "journey";
    static final String BY_TRIGGER = "trigger";

    /** Kind of the advisory locks by which entries of one contact that a binding tells apart come one after another. */
    private static final int BOUND_ENTRIES = 5401;

    /** Whom limits have wait in line. A person who lets one in by hand, and a tile that does, are not made to. */
    private static final Set<String> IN_LINE = Set.of(BY_AUDIENCE, BY_TRIGGER, BY_LIST);

    private final OwnInteractions interactions;
    private final LiveVersions versions;

    Enrolment(OwnInteractions interactions, LiveVersions versions) {
        this.interactions = interactions;
        this.versions = versions;
    }

    /** A run that has just been made. */
    public record Entered(UUID id, long contactId, Instant enteredAt) {}

    /**
     * A contact that wants to enter.
     *
     * @param at the instant that counts as its entry
     */
    record Candidate(long contact, Instant at, @Nullable Trigger trigger) {

        private @Nullable String triggerId() {
            return trigger == null ? null : trigger.id();
        }

        private @Nullable String triggerAt() {
            return trigger == null ? null : trigger.at().toString();
        }

        private @Nullable String binding() {
            return trigger == null ? null : trigger.binding();
        }
    }

    /** The interaction that lets a contact in. */
    record Trigger(String id, Instant at, @Nullable String binding) {}

    /** Enters contacts, all as of one instant and without a trigger. */
    List<Entered> enter(Handle handle, LiveVersion version, Collection<Long> contacts, Instant at, String by) {
        return enter(
                handle,
                version,
                contacts.stream()
                        .map(contact -> new Candidate(contact, at, null))
                        .toList(),
                by);
    }

    /**
     * Enters contacts, or lines them up where limits hold them back.
     *
     * @param version the live one, as far as the caller knows
     * @param candidates each contact at most once
     * @return the runs made, of those who may enter
     */
    List<Entered> enter(Handle handle, LiveVersion version, List<Candidate> candidates, String by) {
        return candidates.isEmpty()
                ? List.of()
                : Gate.of(handle, version.journeyId(), versions)
                        .map(gate -> enter(handle, gate, candidates, by))
                        .orElse(List.of());
    }

    private List<Entered> enter(Handle handle, Gate gate, List<Candidate> candidates, String by) {
        var limits = gate.version().document().limits();
        // Nobody else says again what a list says; members are paged in and triggers gone through when a pause ends.
        if (gate.paused() ? by.equals(BY_LIST) : limits != null && IN_LINE.contains(by)) {
            lineUp(handle, gate, candidates, by);
            return List.of();
        }
        if (gate.paused()) {
            return List.of();
        }
        if (limits == null) {
            return admit(handle, gate, candidates, by);
        }
        var line = EntryTurn.take(handle, gate.version()).orElseThrow();
        var entered = admit(handle, gate, line.asManyAsMay(candidates), by);
        line.letIn(handle, entered.size(), line.laterThan(candidates.getFirst().at()));
        return entered;
    }

    /**
     * Lets in those whose turn has come; who may not enter any more is passed over.
     *
     * @param gate of a journey that is live
     */
    List<Entered> admit(Handle handle, Gate gate, List<Candidate> candidates, String by) {
        if (candidates.isEmpty()) {
            return List.of();
        }
        var version = gate.version();
        takeTurns(handle, candidates);
        var entered = bind(handle.createQuery(WANTED + """
                        first as (
                            insert into journey_contact as known (journey_id, contact_id, last_run, entered_at, iteration)
                            select :journey, contact_id, 1, at, :iteration from candidate order by contact_id
                            on conflict (journey_id, contact_id) do update
                            set last_run = known.last_run + 1, entered_at = excluded.entered_at,
                                iteration = excluded.iteration
                            where :policy = 'always'
                               or :policy = 'recurring' and known.iteration < excluded.iteration
                               or :policy = 'after'
                                  and known.entered_at <= (select w.cutoff from wanted w
                                                           where w.contact_id = excluded.contact_id)
                            returning contact_id, last_run)
                        insert into run (contact_id, journey_id, version, run_no, status, entered_at, entered_by, check_at,
                                         trigger_id, trigger_at, binding, iteration)
                        select contact_id, :journey, :version, last_run, 'pending', at, :by, at, trigger_id, trigger_at,
                               binding, :iteration
                        from first join wanted using (contact_id)
                        order by contact_id
                        returning id, contact_id, entered_at
                        """), gate, candidates, by)
                .bind("version", version.version())
                .map(ConstructorMapper.of(Entered.class))
                .list();
        interactions.record(
                handle,
                entered.stream().map(each -> journeyEntered(each, version)).toList());
        return entered;
    }

    /** Has those wait who might enter now; who does so already keeps its place. */
    private static void lineUp(Handle handle, Gate gate, List<Candidate> candidates, String by) {
        EntryTurn.open(handle, gate.version().journeyId(), candidates.getFirst().at());
        bind(handle.createQuery(WANTED + """
                        lined as (
                            insert into entry_wait (journey_id, contact_id, entered_by, since, trigger_id, trigger_at, binding)
                            select :journey, c.contact_id, :by, c.at, c.trigger_id, c.trigger_at, c.binding
                            from candidate c
                            left join journey_contact known
                                on known.journey_id = :journey and known.contact_id = c.contact_id
                            where (known.contact_id is null
                                   or :policy = 'always'
                                   or :policy = 'recurring' and known.iteration < :iteration
                                   or :policy = 'after' and known.entered_at <= c.cutoff)
                              and not (:full)
                            order by c.no
                            on conflict do nothing
                            returning contact_id)
                        select count(*) from lined
                        """), gate, candidates, by)
                .bind("full", EntryTurn.isFull(handle, gate.version()))
                .mapTo(Long.class)
                .one();
    }

    /** Those who may enter, as far as re-entry does not keep them out. */
    private static final String WANTED = """
            with wanted as (
                select * from unnest(:contacts, :ats::text[]::timestamptz[], :cutoffs::text[]::timestamptz[],
                                     :triggers, :triggerAts::text[]::timestamptz[], :bindings) with ordinality
                              as given (contact_id, at, cutoff, trigger_id, trigger_at, binding, no)),
            candidate as (
                select w.* from wanted w join contact c on c.id = w.contact_id
                where c.state = 'active'
                  and not exists (select 1 from membership m
                                  where m.contact_id = c.id and m.segment_id = any(:keptOut))
                  and (:by <> 'audience'
                       or (select count(*) from membership m
                           where m.contact_id = c.id and m.segment_id = any(:audience)) >= :wanted)
                  and (:policy = 'never' or not exists (
                           select 1 from run r
                           where r.contact_id = c.id and r.journey_id = :journey
                             and (r.trigger_id = w.trigger_id
                                  or r.status in ('pending', 'active')
                                     and (:policy = 'after' or r.binding = w.binding)
                                  or :sinceEnd and r.ended_at > w.cutoff)))),
            """;

    private static Query bind(Query query, Gate gate, List<Candidate> candidates, String by) {
        var version = gate.version();
        var document = version.document();
        return query.bindArray(
                        "contacts",
                        Long.class,
                        candidates.stream().map(Candidate::contact).toList())
                .bindArray(
                        "ats",
                        String.class,
                        column(candidates, each -> each.at().toString()))
                .bindArray("cutoffs", String.class, column(candidates, each -> cutoff(version, each.at())))
                .bindArray("triggers", String.class, column(candidates, Candidate::triggerId))
                .bindArray("triggerAts", String.class, column(candidates, Candidate::triggerAt))
                .bindArray("bindings", String.class, column(candidates, Candidate::binding))
                .bindArray("keptOut", Integer.class, keptOut(version))
                .bindArray("audience", Integer.class, version.audience())
                .bind(
                        "wanted",
                        document.audienceIsIntersection() ? version.audience().size() : 1)
                .bind("policy", document.reentryPolicy())
                .bind(
                        "sinceEnd",
                        document.reentry() != null && document.reentry().since() == JourneyDocument.Since.end)
                .bind("journey", version.journeyId())
                .bind("iteration", gate.iteration(candidates.getFirst().at()))
                .bind("by", by);
    }

    /** So that two interactions with the same binding, taken by two processes at once, do not both find nobody inside. */
    private static void takeTurns(Handle handle, List<Candidate> candidates) {
        var bound = candidates.stream()
                .filter(each -> each.binding() != null)
                .map(each -> Long.hashCode(each.contact()))
                .distinct()
                .sorted(Comparator.naturalOrder())
                .toList();
        if (!bound.isEmpty()) {
            handle.createQuery("select count(pg_advisory_xact_lock(:kind, contact)) from unnest(:contacts) as contact")
                    .bind("kind", BOUND_ENTRIES)
                    .bindArray("contacts", Integer.class, bound)
                    .mapTo(Long.class)
                    .one();
        }
    }

    /** Whoever entered, or left, later than this may not enter again at {@code at}; null when that is not asked. */
    private static @Nullable String cutoff(LiveVersion version, Instant at) {
        var reentry = version.document().reentry();
        return reentry == null || reentry.duration() == null
                ? null
                : reentry.duration().before(at, version.zone()).toString();
    }

    @FunctionalInterface
    private interface Column {
        @Nullable
        String of(Candidate candidate);
    }

    private static List<@Nullable String> column(List<Candidate> candidates, Column column) {
        var all = new ArrayList<@Nullable String>();
        candidates.forEach(each -> all.add(column.of(each)));
        return all;
    }

    private static Own journeyEntered(Entered run, LiveVersion version) {
        var properties = Map.<String, Object>of(
                "journey", version.key(),
                "version", version.version(),
                "run", run.id().toString(),
                "runEnteredAt", run.enteredAt().toString(),
                "delta", 1);
        return new Own("run/" + run.id() + "/begun", run.contactId(), "JourneyEntered", run.enteredAt(), properties);
    }

    private static List<Integer> keptOut(LiveVersion version) {
        var keptOut = new ArrayList<>(version.excluded());
        if (version.suppression() != null) {
            keptOut.add(version.suppression());
        }
        return keptOut;
    }
}
