package sojourn.app.journeys;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.ContactsFeature;
import sojourn.app.delivery.Passages.VisitEnd;
import sojourn.app.interactions.InteractionsFeature;
import sojourn.app.interactions.OwnInteractions.Own;
import sojourn.app.platform.Transactions;
import sojourn.app.security.Deed;
import sojourn.app.segments.ContactConditions;
import sojourn.app.segments.NamedRecords;

/** Runs without Temporal: the test says when each goes on. For features that look at what runs leave behind. */
public final class Walks {

    public final ContactsFeature contacts;
    public final InteractionsFeature interactions;
    private final Jdbi jdbi;
    private final InstantSource clock;
    private final LiveVersions versions = new LiveVersions(ZoneOffset.UTC);
    private final Enrolment enrolment;
    private final RunSteps steps;
    private final RunAdvance advance;
    private final JourneyLifecycle lifecycle;

    public Walks(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
        contacts = new ContactsFeature(jdbi, clock);
        interactions = new InteractionsFeature(jdbi, contacts, clock, Duration.ofMinutes(5));
        var states = new ContactConditions(jdbi, clock);
        var conditions = new Conditions(states, jdbi);
        var seeing = new Seeing(conditions, states);
        enrolment = new Enrolment(interactions.own(), versions);
        var effects = new TileEffects(TestAbilities.of(jdbi, contacts, interactions, clock), versions, enrolment);
        steps = new RunSteps(clock, versions, interactions.own(), conditions, conditions, effects, seeing);
        advance = new RunAdvance(jdbi, versions, steps, contacts.changes());
        lifecycle = new JourneyLifecycle(
                jdbi,
                clock,
                new JourneyCheck(conditions, ZoneOffset.UTC, AnyChannel.CHECK),
                conditions,
                new NamedRecords(jdbi, clock),
                new JourneyIterations(jdbi, versions, steps));
    }

    /** Where a run is. */
    public record At(UUID id, long contact, String status, int visit, String tile, Instant until) {}

    public void draft(String key, String document) {
        lifecycle.create(new NewJourney(key, JourneyWorld.document(document)), Deed.by("test"));
    }

    public void live(String key) {
        lifecycle.goLive(key, InFlight.KEPT, null, Deed.by("test"));
    }

    /** Makes the document the next version. */
    public void edit(String key, String document) {
        jdbi.useExtension(
                JourneyDao.class,
                journeys -> journeys.saveDraft(
                        journeys.idOf(key).orElseThrow(), JourneyWorld.document(document), clock.instant(), "test"));
        live(key);
    }

    public void enter(String key, long contact) {
        Transactions.use(jdbi, handle -> {
            var journeys = handle.attach(JourneyDao.class);
            var journey = journeys.get(journeys.idOf(key).orElseThrow());
            var version = journey.version() == null ? 0 : journey.version();
            enrolment.enter(
                    handle,
                    versions.get(handle, journey.number(), version),
                    List.of(contact),
                    clock.instant(),
                    Enrolment.BY_API);
        });
    }

    public List<At> runs() {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select id, contact_id, status, visit, tile, until from run order by id")
                .map((row, _) -> new At(
                        row.getObject(1, UUID.class),
                        row.getLong(2),
                        row.getString(3),
                        row.getInt(4),
                        String.valueOf(row.getString(5)),
                        row.getTimestamp(6) == null
                                ? Instant.MIN
                                : row.getTimestamp(6).toInstant()))
                .list());
    }

    public void goOn(At run, boolean due) {
        advance.advance(run.id(), run.visit(), due ? run.until() : null);
    }

    /** What deliveries do at the end of a message; goes on afterwards. */
    public void leave(At run, VisitEnd end) {
        Transactions.use(
                jdbi, handle -> advance.lock(handle, run.id(), run.visit()).leave(end, List.of()));
        advance.next(run.id(), run.visit());
    }

    public void stop(At run, String reason) {
        jdbi.useExtension(RunDao.class, runs -> runs.requestExit(run.id(), reason, clock.instant()));
        goOn(run, false);
    }

    public void does(long contact, String type, Map<String, Object> properties) {
        Transactions.use(
                jdbi,
                handle -> interactions
                        .own()
                        .record(
                                handle,
                                List.of(new Own(
                                        UUID.randomUUID().toString(), contact, type, clock.instant(), properties))));
    }

    public void noteGoal(At run) {
        Transactions.use(
                jdbi,
                handle -> steps.noteGoal(
                        handle, new RunRows(handle).lock(run.id()).orElseThrow()));
    }
}
