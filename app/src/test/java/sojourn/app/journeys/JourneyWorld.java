package sojourn.app.journeys;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.ContactsFeature;
import sojourn.app.delivery.Passages;
import sojourn.app.interactions.InteractionsFeature;
import sojourn.app.interactions.OwnInteractions.Own;
import sojourn.app.platform.Json;
import sojourn.app.platform.Loop;
import sojourn.app.platform.Temporal;
import sojourn.app.platform.Transactions;
import sojourn.app.security.Deed;
import sojourn.app.segments.ContactConditions;
import sojourn.app.segments.NamedRecords;
import sojourn.workflows.journeys.EmailActivities;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.JourneyRunImpl;
import sojourn.workflows.journeys.Next;
import sojourn.workflows.journeys.TextActivities;

/**
 * Journeys over a real database and the time-skipping Temporal server, with the loops turned by hand: {@link #pump} does
 * what they would, until nothing is left to do. Deliveries are only noted.
 */
final class JourneyWorld implements AutoCloseable {

    final Jdbi jdbi;
    final TestWorkflowEnvironment environment = TestWorkflowEnvironment.newInstance();
    final InstantSource clock = () -> Instant.ofEpochMilli(environment.currentTimeMillis());
    final ContactsFeature contacts;
    final InteractionsFeature interactions;
    final LiveVersions versions = new LiveVersions(ZoneOffset.UTC);
    final RunSteps steps;
    final Enrolment enrolment;
    final RunAdvance advance;
    final JourneyLifecycle lifecycle;
    final RunReading reading;
    final WhyReading why;
    final Temporal temporal;
    final List<String> sent = new ArrayList<>();

    /** How messages that are sent end. */
    Passages.VisitEnd end = new Passages.VisitEnd.Processed("sent", null);

    final Interventions interventions;
    final AbTestDecisions tests;
    volatile boolean down;
    private final RunStarter starter;
    private final SignalDispatch signals;
    private final ChangeMatcher matcher;
    private final MembershipIntake intake;
    private final EntryOfMembers members;
    private final JourneyStop stop;
    final JourneyIterations iterations;
    final EntryLine line;
    final JourneyResume resume;
    private final JourneySchedule schedule;
    private final VersionMove moves;
    private final EntryByTrigger triggers;

    JourneyWorld(Jdbi jdbi, Jdbi advancing) {
        this.jdbi = jdbi;
        contacts = new ContactsFeature(jdbi, clock);
        interactions = new InteractionsFeature(jdbi, contacts, clock, Duration.ofMinutes(5));
        var states = new ContactConditions(jdbi, clock);
        var conditions = new Conditions(states, jdbi);
        var seeing = new Seeing(conditions, states);
        enrolment = new Enrolment(interactions.own(), versions);
        var effects = new TileEffects(TestAbilities.of(jdbi, contacts, interactions, clock), versions, enrolment);
        steps = new RunSteps(clock, versions, interactions.own(), conditions, conditions, effects, seeing);
        advance = new RunAdvance(advancing, versions, steps, contacts.changes());
        interventions = new Interventions(clock, versions, steps);
        iterations = new JourneyIterations(jdbi, versions, steps);
        tests = new AbTestDecisions(advancing, clock, versions);
        lifecycle = new JourneyLifecycle(
                jdbi,
                clock,
                new JourneyCheck(conditions, ZoneOffset.UTC, AnyChannel.CHECK),
                conditions,
                new NamedRecords(jdbi, clock),
                iterations);
        temporal = new Temporal(environment.getWorkflowClient(), null, true, Duration.ofSeconds(10));
        reading = new RunReading(jdbi, contacts.contacts(), temporal);
        starter = new RunStarter(jdbi, clock, temporal, new RunSearchAttributes(temporal));
        signals = new SignalDispatch(jdbi, clock, temporal);
        triggers = new EntryByTrigger(versions, conditions, enrolment, clock);
        why = new WhyReading(clock, contacts.contacts(), versions, triggers, reading);
        matcher = new ChangeMatcher(jdbi, steps, triggers);
        resume = new JourneyResume(jdbi, clock, iterations);
        schedule = new JourneySchedule(jdbi, clock, lifecycle, iterations);
        moves = new VersionMove(jdbi, versions, steps);
        intake = new MembershipIntake(jdbi, versions, enrolment);
        members = new EntryOfMembers(jdbi, clock, versions, enrolment);
        line = new EntryLine(jdbi, clock, versions, enrolment);
        stop = new JourneyStop(jdbi, clock, steps);
        Worker journeys = environment.newWorker(Temporal.JOURNEYS);
        journeys.registerWorkflowImplementationTypes(JourneyRunImpl.class);
        journeys.registerActivitiesImplementations(advance, new Calls(advance, temporal.client()));
        environment.newWorker(Temporal.channel("email")).registerActivitiesImplementations((EmailActivities)
                this::send);
        environment.newWorker(Temporal.channel("text")).registerActivitiesImplementations((TextActivities) this::send);
        environment.start();
    }

    /** Notes the message as sent, the way deliveries end a visit. */
    private Next send(UUID run, int visit) {
        Transactions.use(jdbi, handle -> {
            var passage = advance.lock(handle, run, visit);
            passage.sending().ifPresent(sending -> {
                if (sending.waitsUntil() != null) {
                    passage.putOff();
                    return;
                }
                if (down) {
                    throw ApplicationFailure.newFailure("down", "NotYet");
                }
                synchronized (sent) {
                    sent.add(sending.message() + " to " + sending.contactId());
                }
                passage.leave(end, List.of());
            });
        });
        return advance.next(run, visit);
    }

    void pump() throws Exception {
        var rounds = 0;
        List<Loop.Work> loops = List.of(
                () -> intake.takeSome().any(),
                members::enterPage,
                line::letInSome,
                iterations::endSomeOfAny,
                () -> matcher.takeSome().more(),
                stop::endSomeOfAny,
                resume::resumeSomeOfAny,
                schedule::look,
                moves::moveSomeOfAny,
                () -> Transactions.in(jdbi, triggers::enterMissed),
                starter::startSome,
                signals::sendSome);
        for (var quiet = 0; quiet < loops.size(); rounds++) {
            quiet = loops.get(rounds % loops.size()).run() ? 0 : quiet + 1;
        }
    }

    void takeMembership() {
        intake.takeSome();
    }

    void matchChanges() {
        for (var more = true; more; ) {
            more = matcher.takeSome().more();
        }
    }

    /** Lets time pass for workflows and everything else, then whatever it caused. */
    void pass(Duration time) throws Exception {
        pump();
        environment.sleep(time);
        pump();
        environment.sleep(Duration.ofMillis(200));
        pump();
    }

    long contact(String externalId) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        insert into contact (external_id, email, created_at, updated_at)
                        values (:id, :id || '@example.com', :now, :now) returning id
                        """)
                .bind("id", externalId)
                .bind("now", clock.instant())
                .mapTo(Long.class)
                .one());
    }

    /** A live segment without members. */
    int segment(String key) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        insert into segment (key, name, kind, time_zone, state, created_at, created_by, updated_at, updated_by)
                        values (:key, :key, 'static', 'UTC', 'live', :now, 'test', :now, 'test') returning id
                        """)
                .bind("key", key)
                .bind("now", clock.instant())
                .mapTo(Integer.class)
                .one());
    }

    void joins(long contact, int segment) {
        Transactions.use(jdbi, handle -> {
            handle.execute("insert into membership values (?, ?, ?)", segment, contact, clock.instant());
            handle.execute(
                    "insert into membership_change (segment_id, joined, left_, at) values (?, array[?], '{}', ?)",
                    segment,
                    contact,
                    clock.instant());
        });
    }

    void leaves(long contact, int segment) {
        Transactions.use(jdbi, handle -> {
            handle.execute("""
                    with gone as (delete from membership where segment_id = ? and contact_id = ? returning *)
                    insert into past_membership select segment_id, contact_id, joined_at, ? from gone
                    """, segment, contact, clock.instant());
            handle.execute(
                    "insert into membership_change (segment_id, joined, left_, at) values (?, '{}', array[?], ?)",
                    segment,
                    contact,
                    clock.instant());
        });
    }

    void message(String key) {
        message(key, "email");
    }

    void message(String key, String channel) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into message (key, channel, state, live_version, created_at, created_by, updated_at, updated_by)
                        values (:key, :channel, 'live', 1, :now, 'test', :now, 'test')
                        """)
                .bind("key", key)
                .bind("channel", channel)
                .bind("now", clock.instant())
                .execute());
    }

    /** A type of interactions with declared properties: names and their types. */
    void type(String key, Map<String, String> properties) {
        jdbi.useHandle(handle -> handle.execute(
                "insert into interaction_type (key, properties) values (?, cast(? as jsonb))",
                key,
                Json.mapper().valueToTree(properties).toString()));
    }

    /** An interaction of a type that users have declared, as it is stored when it comes in. */
    void sends(long contact, String type, Map<String, Object> properties, Instant at) {
        var now = clock.instant();
        Transactions.use(jdbi, handle -> {
            handle.createUpdate("""
                            insert into interaction (contact_id, occurred_at, received_at, type_id, content_hash, id, properties)
                            select :contact, :at, :now, id, gen_random_uuid(), gen_random_uuid()::text, cast(:properties as jsonb)
                            from interaction_type where key = :type
                            """)
                    .bind("contact", contact)
                    .bind("at", at)
                    .bind("now", now)
                    .bind("properties", Json.mapper().valueToTree(properties).toString())
                    .bind("type", type)
                    .execute();
            contacts.changes().record(handle, List.of(contact), List.of(type), now);
        });
    }

    /** A declared attribute of contacts. */
    void attribute(String name, String type) {
        jdbi.useHandle(handle -> handle.execute(
                "insert into profile_attribute (profile_type, key, type, position) values ('contact', ?, ?, 100)",
                name,
                type));
    }

    /** What a contact's attribute is from now on. */
    void set(long contact, String attribute, String value) {
        Transactions.use(jdbi, handle -> {
            handle.execute(
                    "update contact set attributes = attributes || jsonb_build_object(?, ?) where id = ?",
                    attribute,
                    value,
                    contact);
            contacts.changes().record(handle, List.of(contact), List.of(Changes.PROFILE), clock.instant());
        });
    }

    void does(long contact, String type, Map<String, Object> properties) {
        does(contact, type, properties, clock.instant());
    }

    void does(long contact, String type, Map<String, Object> properties, Instant at) {
        Transactions.use(
                jdbi,
                handle -> interactions
                        .own()
                        .record(handle, List.of(new Own(UUID.randomUUID().toString(), contact, type, at, properties))));
    }

    Journey live(String key, String document) {
        lifecycle.create(new NewJourney(key, document(document)), Deed.by("test"));
        return lifecycle.goLive(key, InFlight.KEPT, null, Deed.by("test"));
    }

    /** Makes another document live; who is inside stays on the version before. */
    Journey edit(Journey journey, String document) {
        var now = jdbi.withExtension(JourneyDao.class, journeys -> journeys.get(journey.number()));
        lifecycle.change(journey.key(), document(document), "\"" + now.revision() + "\"", Deed.by("test"));
        return lifecycle.goLive(journey.key(), InFlight.KEPT, null, Deed.by("test"));
    }

    void enterByHand(Journey journey, long contact) {
        Transactions.use(
                jdbi,
                handle -> enrolment.enter(
                        handle,
                        versions.get(handle, journey.number(), Objects.requireNonNull(journey.version())),
                        List.of(contact),
                        clock.instant(),
                        Enrolment.BY_API));
    }

    static JourneyDocument document(String json) {
        try {
            return Json.mapper().readValue(json, JourneyDocument.class);
        } catch (JsonProcessingException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    List<Run> runs(Journey journey) {
        return reading.page(journey.number(), RunFilter.ALL, new UUID(0, 0), 1000);
    }

    Run onlyRun(Journey journey) {
        var runs = runs(journey);
        if (runs.size() != 1) {
            throw new AssertionError("There are " + runs.size() + " runs");
        }
        return runs.getFirst();
    }

    @Override
    public void close() {
        environment.close();
    }
}
