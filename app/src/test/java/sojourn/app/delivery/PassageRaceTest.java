package sojourn.app.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.temporal.failure.ApplicationFailure;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sojourn.app.contacts.ContactsFeature;
import sojourn.app.interactions.InteractionsFeature;
import sojourn.app.interactions.OwnInteractions.Own;
import sojourn.app.journeys.Conditions;
import sojourn.app.journeys.JourneysFeature;
import sojourn.app.journeys.SendingCheck;
import sojourn.app.journeys.TestAbilities;
import sojourn.app.messages.MessagesFeature;
import sojourn.app.messages.TemplateCheck;
import sojourn.app.platform.JdbiPlugins;
import sojourn.app.platform.Jobs;
import sojourn.app.platform.Json;
import sojourn.app.platform.TemporalSettings;
import sojourn.app.platform.Transactions;
import sojourn.app.segments.ContactConditions;
import sojourn.app.segments.MembershipChanges;
import sojourn.app.segments.NamedRecords;
import sojourn.testing.Database;
import sojourn.workflows.journeys.Instruction;
import sojourn.workflows.journeys.Instruction.Deliver;
import sojourn.workflows.journeys.Instruction.Finish;
import sojourn.workflows.journeys.Next;

/**
 * An exit that commits while an email is on its way out, at every step of the way, over the journeys' real passages: nothing
 * is handed over whose exit was committed before the last look, and what was handed over is on record as such.
 */
class PassageRaceTest {

    private static final String DOCUMENT = """
            {"audience": {"segments": ["lapsed"]},
             "suppressionSegment": "blocked",
             "exit": {"interactions": [{"type": "FormSubmitted"}], "whenLeavingAudience": true},
             "start": "remind",
             "tiles": {
               "remind": {"type": "email", "message": "hello", "next": "wait"},
               "wait": {"type": "waitFor", "duration": "P5D", "next": null}}}
            """;

    /** What ends a run early, as somebody else commits it. */
    enum Exit {
        INTERACTION("exit-interaction"),
        SUPPRESSION("suppression-segment"),
        LEFT_AUDIENCE("left-audience"),
        CONSENT("consent-withdrawn"),
        ERASED("contact-erased"),
        JOURNEY_STOPPED("journey-stopped");

        private final String reason;

        Exit(String reason) {
            this.reason = reason;
        }
    }

    /** Where somebody else's commit falls between the steps of a delivery. */
    enum Step {
        RESERVATION_COMMITS,
        RESERVED,
        HAND_OVER_COMMITS,
        HANDED_OVER
    }

    @RegisterExtension
    final Database database = new Database();

    private final List<Email> taken = new CopyOnWriteArrayList<>();
    private final Map<Integer, Runnable> beforeCommit = new HashMap<>();
    private final Map<Integer, Runnable> afterCommit = new HashMap<>();
    private int commits;
    private Runnable whenConnected = () -> {};
    private Runnable whileTaking = () -> {};
    private Jdbi jdbi;
    private ContactsFeature contacts;
    private InteractionsFeature interactions;
    private DeliveryFeature feature;
    private Passages passages;
    private TileDelivery<Email> delivery;
    private long ada;
    private UUID run = new UUID(0, 0);

    @BeforeEach
    void enter() {
        jdbi = pausing();
        contacts = new ContactsFeature(jdbi, Instant::now);
        interactions = new InteractionsFeature(jdbi, contacts, Instant::now, Duration.ofMinutes(5));
        feature = new DeliveryFeature(
                jdbi,
                contacts,
                interactions,
                new MessagesFeature(
                        jdbi,
                        contacts.profileTypes(),
                        contacts.contacts(),
                        new NamedRecords(jdbi, Instant::now),
                        Instant::now),
                URI.create("https://mail.example.com/"),
                Instant::now);
        passages = new JourneysFeature(
                        jdbi,
                        Instant::now,
                        ZoneOffset.UTC,
                        new TemporalSettings(
                                        "127.0.0.1:1",
                                        "default",
                                        null,
                                        false,
                                        io.dropwizard.util.Duration.seconds(1),
                                        null,
                                        null)
                                .connect(),
                        new Jobs(jdbi, Json.mapper(), Instant::now),
                        contacts.contacts(),
                        contacts.changes(),
                        interactions.own(),
                        new MembershipChanges(),
                        new NamedRecords(jdbi, Instant::now),
                        new Conditions(new ContactConditions(jdbi, Instant::now), jdbi),
                        new SendingCheck(Channels.of(Map.of()), new TemplateCheck(Set::of)),
                        TestAbilities.of(jdbi, contacts, interactions, Instant::now))
                .passages();
        delivery = feature.emailDelivery(passages, this::connect, new Pace(10_000), PassageRaceTest::attempt);
        database.jdbi().useHandle(this::fill);
        assertThat(next(0)).isInstanceOf(Deliver.class);
    }

    /** What the run is to do then, without the words that explain it. */
    private Instruction send() {
        return told(delivery.send(run, 1));
    }

    private Instruction next(int visit) {
        return told(passages.next(run, visit));
    }

    private static Instruction told(Next next) {
        return switch (next) {
            case Instruction instruction -> instruction;
            case Next.Explained explained -> explained.instruction();
        };
    }

    @ParameterizedTest
    @EnumSource(Exit.class)
    void an_exit_between_reservation_and_hand_over_calls_the_email_off(Exit exit) {
        whenConnected = () -> commit(exit);

        delivery.send(run, 1);

        assertCalledOff(exit);
    }

    @ParameterizedTest
    @EnumSource(Exit.class)
    void an_exit_between_hand_over_and_last_look_calls_the_email_off(Exit exit) {
        at(Step.HANDED_OVER, () -> commit(exit));

        delivery.send(run, 1);

        assertCalledOff(exit);
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void an_exit_interaction_before_the_last_look_calls_the_email_off(Step step) {
        at(step, () -> commit(Exit.INTERACTION));

        delivery.send(run, 1);

        assertCalledOff(Exit.INTERACTION);
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void a_pause_before_the_last_look_keeps_the_email_until_the_resume(Step step) {
        at(step, () -> state("paused"));

        assertThat(send())
                .isInstanceOfSatisfying(
                        Instruction.Hold.class,
                        hold -> assertThat(hold.waitingFor()).isEqualTo("the journey to be resumed"));
        assertThat(taken).isEmpty();

        state("live");
        assertThat(next(1)).isInstanceOf(Deliver.class);
        delivery.send(run, 1);
        assertThat(taken).hasSize(1);
    }

    private void state(String state) {
        database.jdbi().useHandle(handle -> handle.execute("update journey set state = ?", state));
    }

    @ParameterizedTest
    @EnumSource(
            value = Exit.class,
            names = {"CONSENT", "ERASED"},
            mode = EnumSource.Mode.EXCLUDE)
    void an_exit_after_the_last_look_is_heeded_once_the_email_is_on_record(Exit exit) {
        whileTaking = () -> {
            commit(exit);
            // The run is told at once, and leaves the message that is in hand to the one who has it.
            assertThat(next(1)).isInstanceOf(Deliver.class);
        };

        var next = send();

        assertThat(next).isEqualTo(new Finish("stopped", exit.reason));
        assertThat(taken).hasSize(1);
        assertThat(state()).isEqualTo("sent");
        assertThat(visits()).containsExactly("remind processed sent", "wait stopped null");
    }

    @Test
    void a_run_that_ends_while_the_connection_is_made_takes_its_reservation_along() {
        whenConnected = () -> {
            commit(Exit.INTERACTION);
            assertThat(next(1)).isInstanceOf(Finish.class);
        };

        assertThatThrownBy(() -> delivery.send(run, 1)).isInstanceOf(ApplicationFailure.class);
        whenConnected = () -> {};
        delivery.send(run, 1);

        assertCalledOff(Exit.INTERACTION);
    }

    @Test
    void a_contact_that_is_erased_while_the_email_is_handed_over_leaves_no_trace_of_its_address() {
        whileTaking = () -> commit(Exit.ERASED);

        var next = send();

        assertThat(next).isEqualTo(new Finish("stopped", "contact-erased"));
        assertThat(taken).hasSize(1);
    }

    private void assertCalledOff(Exit exit) {
        assertThat(taken).isEmpty();
        assertThat(state()).isIn("cancelled", "blocked");
        assertThat(next(1)).isEqualTo(new Finish("stopped", exit.reason));
        assertThat(visits()).first().asString().startsWith("remind");
    }

    /** Lets somebody else do something right then. */
    private void at(Step step, Runnable what) {
        commits = 0;
        switch (step) {
            case RESERVATION_COMMITS -> beforeCommit.put(0, what);
            case RESERVED -> afterCommit.put(0, what);
            case HAND_OVER_COMMITS -> beforeCommit.put(1, what);
            case HANDED_OVER -> afterCommit.put(1, what);
        }
    }

    /** Commits it on a connection of its own, as another process would. */
    private void commit(Exit exit) {
        CompletableFuture.runAsync(() -> Transactions.use(database.jdbi(), handle -> commit(handle, exit)))
                .join();
    }

    private void commit(Handle handle, Exit exit) {
        switch (exit) {
            case INTERACTION ->
                interactions
                        .own()
                        .record(handle, List.of(new Own("form", ada, "FormSubmitted", Instant.now(), Map.of())));
            case SUPPRESSION ->
                handle.execute("insert into membership select id, ?, now() from segment where key = 'blocked'", ada);
            case LEFT_AUDIENCE -> handle.execute("delete from membership where contact_id = ?", ada);
            case CONSENT ->
                feature.consents().set(handle, ada, "ada@example.com", "commercial", "out", "test", Instant.now());
            case ERASED -> handle.execute("update contact set state = 'erased', updated_at = now() where id = ?", ada);
            case JOURNEY_STOPPED -> handle.execute("update journey set state = 'stopping'");
        }
    }

    private Sender.Ready<Email> connect() {
        whenConnected.run();
        return new Sender.Ready<>() {
            @Override
            public HandOver handOver(Email email) {
                taken.add(email);
                whileTaking.run();
                return new HandOver.Accepted();
            }

            @Override
            public void close() {}
        };
    }

    private static Attempt attempt() {
        return new Attempt() {
            @Override
            public int number() {
                return 1;
            }

            @Override
            public void heartbeat() {}
        };
    }

    private void fill(Handle handle) {
        ada = handle.select("""
                        insert into contact (email, first_name, created_at, updated_at)
                        values ('ada@example.com', 'Ada', now(), now()) returning id
                        """).mapTo(Long.class).one();
        handle.execute("""
                insert into segment (key, name, kind, time_zone, state, created_at, created_by, updated_at, updated_by)
                select key, key, 'static', 'UTC', 'live', now(), 'test', now(), 'test'
                from unnest(array['lapsed', 'blocked']) as key
                """);
        handle.execute("insert into membership select id, ?, now() from segment where key = 'lapsed'", ada);
        handle.execute("""
                insert into message (key, channel, state, live_version, created_at, created_by, updated_at, updated_by)
                values ('hello', 'email', 'live', 1, now(), 'test', now(), 'test')
                """);
        handle.execute("""
                insert into message_version (message_id, version, content, live_at, live_by)
                select id, 1, '{"purpose": "commercial", "subject": "Hi", "from": "shop@example.com", "html": "<p>Hello</p>",
                                "tags": []}', now(), 'test' from message
                """);
        handle.execute("""
                insert into journey (key, state, live_version, created_at, created_by, updated_at, updated_by)
                values ('win-back', 'live', 1, now(), 'test', now(), 'test')
                """);
        handle.execute("""
                insert into journey_version (journey_id, version, document, listens, segments, live_at, live_by)
                select id, 1, cast(? as jsonb), '{FormSubmitted}', (select array_agg(id) from segment), now(), 'test'
                from journey
                """, DOCUMENT);
        run = handle.select("""
                        insert into run (contact_id, journey_id, version, run_no, status, entered_at, entered_by, check_at)
                        select ?, id, 1, 1, 'pending', now(), 'audience', now() from journey returning id
                        """, ada).mapTo(UUID.class).one();
    }

    private String state() {
        return database.jdbi()
                .withHandle(handle -> handle.select("select state from delivery")
                        .mapTo(String.class)
                        .one());
    }

    private List<String> visits() {
        return database.jdbi()
                .withHandle(handle -> handle.select("""
                        select tile || ' ' || status || ' ' || coalesce(outcome, 'null') from tile_visit order by no
                        """).mapTo(String.class).list());
    }

    private Jdbi pausing() {
        var pausing = JdbiPlugins.install(Jdbi.create(database.url()), Json.mapper());
        pausing.setTransactionHandler(new DelegatingTransactionHandler(LocalTransactionHandler.binding()) {
            @Override
            public void commit(Handle handle) {
                var number = commits++;
                beforeCommit.getOrDefault(number, () -> {}).run();
                super.commit(handle);
                afterCommit.getOrDefault(number, () -> {}).run();
            }
        });
        return pausing;
    }
}
