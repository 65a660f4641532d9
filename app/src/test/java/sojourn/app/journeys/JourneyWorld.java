package sojourn.app.journeys;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.ContactsFeature;
import sojourn.app.delivery.Passages;
import sojourn.app.interactions.InteractionsFeature;
import sojourn.app.interactions.OwnInteractions.Own;
import sojourn.app.platform.Json;
import sojourn.app.platform.Loop;
import sojourn.app.platform.Temporal;
import sojourn.app.platform.Transactions;
import sojourn.app.segments.NamedRecords;
import sojourn.workflows.journeys.EmailActivities;
import sojourn.workflows.journeys.Instruction;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.JourneyRunImpl;

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
    final Temporal temporal;
    final List<String> sent = new ArrayList<>();
    private final RunStarter starter;
    private final SignalDispatch signals;
    private final ChangeMatcher matcher;
    private final MembershipIntake intake;
    private final EntryOfMembers members;
    private final JourneyStop stop;

    JourneyWorld(Jdbi jdbi, Jdbi advancing) {
        this.jdbi = jdbi;
        contacts = new ContactsFeature(jdbi, clock);
        interactions = new InteractionsFeature(jdbi, contacts, clock, Duration.ofMinutes(5));
        var conditions = new Conditions((_, _, _, _) -> true, (_, _, _, _) -> true, jdbi);
        enrolment = new Enrolment(interactions.own());
        var effects = new TileEffects(TestAbilities.of(jdbi, contacts, interactions, clock), versions, enrolment);
        steps = new RunSteps(clock, versions, interactions.own(), conditions, conditions, effects);
        advance = new RunAdvance(advancing, versions, steps, contacts.changes());
        lifecycle = new JourneyLifecycle(
                jdbi, clock, new JourneyCheck(conditions, ZoneOffset.UTC), conditions, new NamedRecords(jdbi, clock));
        temporal = new Temporal(environment.getWorkflowClient(), null, true, Duration.ofSeconds(10));
        reading = new RunReading(jdbi, contacts.contacts(), temporal);
        starter = new RunStarter(jdbi, clock, temporal, new RunSearchAttributes(temporal));
        signals = new SignalDispatch(jdbi, clock, temporal);
        matcher = new ChangeMatcher(jdbi, steps);
        intake = new MembershipIntake(jdbi, versions, enrolment);
        members = new EntryOfMembers(jdbi, clock, versions, enrolment);
        stop = new JourneyStop(jdbi, clock, steps);
        Worker journeys = environment.newWorker(Temporal.JOURNEYS);
        journeys.registerWorkflowImplementationTypes(JourneyRunImpl.class);
        journeys.registerActivitiesImplementations(advance, new Calls(advance, temporal.client()));
        environment.newWorker(Temporal.channel("email")).registerActivitiesImplementations((EmailActivities)
                this::send);
        environment.start();
    }

    /** Notes the message as sent, the way deliveries end a visit. */
    private Instruction send(UUID run, int visit) {
        Transactions.use(jdbi, handle -> {
            var passage = advance.lock(handle, run, visit);
            passage.sending().ifPresent(sending -> {
                synchronized (sent) {
                    sent.add(sending.message() + " to " + sending.contactId());
                }
                passage.leave(new Passages.VisitEnd.Processed("sent", null), List.of());
            });
        });
        return advance.next(run, visit);
    }

    void pump() throws Exception {
        var rounds = 0;
        List<Loop.Work> loops = List.of(
                () -> intake.takeSome().any(),
                members::enterPage,
                matcher::takeSome,
                stop::endSomeOfAny,
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
            more = matcher.takeSome();
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
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into message (key, channel, state, live_version, created_at, created_by, updated_at, updated_by)
                        values (:key, 'email', 'live', 1, :now, 'test', :now, 'test')
                        """)
                .bind("key", key)
                .bind("now", clock.instant())
                .execute());
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
        lifecycle.create(new NewJourney(key, document(document)), "test");
        return lifecycle.goLive(key, null, "test");
    }

    static JourneyDocument document(String json) {
        try {
            return Json.mapper().readValue(json, JourneyDocument.class);
        } catch (JsonProcessingException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    List<Run> runs(Journey journey) {
        return reading.page(journey.number(), null, null, null, new UUID(0, 0), 1000);
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
