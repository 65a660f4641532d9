package sojourn.app.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dropwizard.util.Duration;
import io.temporal.failure.ApplicationFailure;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sojourn.app.contacts.ContactsFeature;
import sojourn.app.interactions.InteractionsFeature;
import sojourn.app.messages.MessagesFeature;
import sojourn.app.segments.NamedRecords;
import sojourn.testing.Database;
import sojourn.workflows.journeys.AbTest;

/** What is sent, how often, and what is known of it afterwards, whatever goes wrong at whichever step. */
class EmailDeliveryTest {

    /** Ends a thread's work where it stands, as a crash would: nothing of ours catches it. */
    private static final class Crash extends Error {}

    private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

    @RegisterExtension
    final Database database = new Database();

    private final ScriptedServer server = new ScriptedServer();
    private Instant now = START;
    private FakeRuns runs;
    private TileDelivery<Email> delivery;
    private DeliveryFeature feature;
    private ContactsFeature contacts;
    private Runnable beforeHandOver = () -> {};
    private Runnable afterHandOver = () -> {};
    private Runnable whenConnected = () -> {};

    @BeforeEach
    void start() {
        var jdbi = database.jdbi();
        contacts = new ContactsFeature(jdbi, () -> now);
        var interactions = new InteractionsFeature(jdbi, contacts, () -> now, java.time.Duration.ofMinutes(5));
        runs = new FakeRuns(jdbi, interactions.own());
        feature = new DeliveryFeature(
                jdbi,
                contacts,
                interactions,
                new MessagesFeature(
                        jdbi,
                        contacts.profileTypes(),
                        contacts.contacts(),
                        new NamedRecords(jdbi, () -> now),
                        () -> now),
                URI.create("https://mail.example.com/"),
                () -> now);
        delivery = attempts(1);
        message("commercial", "Hi {{ contact.firstName }}", "Shop <shop@example.com>");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void an_email_is_sent_once_and_the_run_goes_on() {
        var run = runs.enter(contact("ada@example.com"));

        delivery.send(run, 1);
        delivery.send(run, 1);

        assertThat(server.taken).hasSize(1);
        assertThat(server.taken.getFirst())
                .contains("Subject: Hi Ada", "To: ada@example.com", "Message-ID: <" + id() + "@example.com>")
                .contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
                .containsPattern("List-Unsubscribe: <?\\s*<https://mail.example.com/t/u/");
        assertThat(states()).containsExactly("sent");
        assertThat(runs.ends()).containsExactly("sent");
        assertThat(facts()).containsExactly("EmailSent");
        String properties = jdbi().withHandle(handle -> handle.createQuery("select properties from interaction")
                .mapTo(String.class)
                .one());
        assertThat(properties)
                .contains("\"journey\": \"win-back\"", "\"version\": 3", "\"tile\": \"remind\"", "\"pass\": 1")
                .contains("\"message\": \"hello\"", "\"runEnteredAt\": \"2026-11-20T09:00:00Z\"");
    }

    @Test
    void a_variant_has_words_of_its_own_and_is_named_by_what_comes_of_it() {
        runs.variant = new AbTest.Variant(
                "by-name", null, null, "Come back, {{ contact.firstName }}", null, "Eve <eve@example.com>", null);

        delivery.send(runs.enter(contact("ada@example.com")), 1);
        runs.variant = new AbTest.Variant("plain", null, null, null, null, null, null);
        delivery.send(runs.enter(contact("eve@example.com")), 1);

        assertThat(server.taken.getFirst()).contains("Subject: Come back, Ada", "From: Eve <eve@example.com>");
        assertThat(server.taken.getLast()).contains("Subject: Hi Ada", "From: Shop <shop@example.com>");
        List<String> variants = jdbi().withHandle(
                        handle -> handle.select("select properties ->> 'variant' from interaction")
                                .mapTo(String.class)
                                .list());
        assertThat(variants).containsExactlyInAnyOrder("by-name", "plain");
    }

    @Test
    void connections_are_used_again() {
        for (var i = 0; i < 5; i++) {
            delivery.send(runs.enter(contact("ada" + i + "@example.com")), 1);
        }

        assertThat(server.taken).hasSize(5);
        assertThat(server.commands)
                .filteredOn(command -> command.startsWith("EHLO"))
                .hasSize(1);
    }

    @Test
    void transactional_mail_has_no_unsubscribe_header() {
        message("transactional", "Receipt", "shop@example.com");

        delivery.send(runs.enter(contact("ada@example.com")), 1);

        assertThat(server.taken.getFirst()).doesNotContain("List-Unsubscribe");
    }

    @Test
    void values_of_a_contact_add_no_headers_and_no_markup() {
        var contact = contact("ada@example.com");
        database.jdbi()
                .useHandle(handle -> handle.execute(
                        "update contact set first_name = ?",
                        "Eve\r\nBcc: victim@example.com\r\n\r\n<script>alert(1)</script>"));

        delivery.send(runs.enter(contact), 1);

        assertThat(server.commands)
                .filteredOn(command -> command.startsWith("RCPT"))
                .hasSize(1);
        assertThat(server.taken.getFirst().split("\n\n", 2)[0]).doesNotContainPattern("(?m)^Bcc:");
        assertThat(server.taken.getFirst().split("text/html", 2)[1]).doesNotContain("<script>");
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT, drop",
        "CONNECT, 421 busy",
        "CONNECT, 554 go away",
        "EHLO, drop",
        "MAIL, drop",
        "MAIL, 451 later",
        "MAIL, 530 Authentication required",
        "RCPT, drop",
        "RCPT, 450 greylisted",
        "DATA, drop",
        "DATA, 452 full",
        "DOT, 451 later",
    })
    void a_server_that_does_not_take_it_now_is_asked_again(String stage, String answer) {
        var run = runs.enter(contact("ada@example.com"));
        server.at(stage, answer);

        var failure = catchThrowableOfType(ApplicationFailure.class, () -> delivery.send(run, 1));
        assertThat(failure.getNextRetryDelay()).isEqualTo(java.time.Duration.ofSeconds(1));
        assertThat(failure.isNonRetryable()).isFalse();
        assertThat(states()).containsExactly("reserved");
        assertThat(facts()).isEmpty();
        server.behave();
        again().send(run, 1);

        assertThat(server.taken).hasSize(1);
        assertThat(states()).containsExactly("sent");
        assertThat(facts()).containsExactly("EmailSent");
    }

    @Test
    void a_connection_lost_in_the_middle_of_the_message_is_never_sent_twice() {
        var run = runs.enter(contact("ada@example.com"));
        server.at("BODY", ScriptedServer.DROP);

        try {
            delivery.send(run, 1);
        } catch (ApplicationFailure knownToBeLost) {
            assertThat(states()).containsExactly("reserved");
        }

        assertThat(server.seen).isEmpty();
        assertThat(states()).first().isIn("reserved", "unconfirmed");
    }

    @Test
    void a_connection_lost_after_the_last_byte_leaves_it_unconfirmed() {
        var run = runs.enter(contact("ada@example.com"));
        server.at("DOT", ScriptedServer.DROP);

        delivery.send(run, 1);
        server.behave();
        again().send(run, 1);

        assertThat(server.seen).hasSize(1);
        assertThat(states()).containsExactly("unconfirmed");
        assertThat(runs.ends()).containsExactly("unconfirmed");
        assertThat(facts()).containsExactly("EmailUnconfirmed");
    }

    @ParameterizedTest
    @CsvSource({
        "RCPT, 550 5.1.1 unknown, hard, EmailHardBounced",
        "RCPT, 550 no, hard, EmailHardBounced",
        "RCPT, 552 5.2.2 full, soft, EmailSoftBounced",
        "RCPT, 554 5.7.1 blocked, block, EmailBlockBounced",
        "DOT, 550 5.1.1 unknown, hard, EmailHardBounced",
    })
    void a_refused_recipient_counts_as_sent_and_bounced(String stage, String answer, String kind, String type) {
        server.at(stage, answer);

        delivery.send(runs.enter(contact("ada@example.com")), 1);

        assertThat(states()).containsExactly("bounced");
        assertThat(runs.ends()).containsExactly("bounced " + kind);
        assertThat(facts()).containsExactlyInAnyOrder("EmailSent", type);
    }

    @ParameterizedTest
    @CsvSource({"MAIL, 550 5.7.1 sender not allowed", "DATA, 554 no", "DOT, 554 5.6.0 content"})
    void any_other_refusal_fails_the_tile(String stage, String answer) {
        server.at(stage, answer);

        delivery.send(runs.enter(contact("ada@example.com")), 1);

        assertThat(states()).containsExactly("failed");
        assertThat(runs.ends()).containsExactly("failed provider-refused");
        assertThat(facts()).isEmpty();
    }

    @Test
    void a_server_that_is_down_is_waited_for() throws Exception {
        var run = runs.enter(contact("ada@example.com"));
        server.close();

        assertThatThrownBy(() -> delivery.send(run, 1)).isInstanceOf(ApplicationFailure.class);
        var later = catchThrowableOfType(
                ApplicationFailure.class, () -> attempts(20).send(run, 1));

        assertThat(later.getNextRetryDelay()).isEqualTo(java.time.Duration.ofMinutes(1));
        assertThat(later.getMessage()).doesNotContain("example.com");
        assertThat(states()).containsExactly("reserved");
    }

    @Test
    void a_message_that_waited_too_long_expires() throws Exception {
        var run = runs.enter(contact("ada@example.com"));
        runs.expiresAt = START.plusSeconds(60);
        server.at("MAIL", "451 later");
        assertThatThrownBy(() -> delivery.send(run, 1)).isInstanceOf(ApplicationFailure.class);
        server.behave();
        now = START.plusSeconds(60);

        again().send(run, 1);

        assertThat(server.seen).isEmpty();
        assertThat(states()).containsExactly("expired");
        assertThat(runs.ends()).containsExactly("expired");
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "null, Hi, shop@example.com, no-contact-point",
                "ada(at)example, Hi, shop@example.com, invalid-contact-point",
                "'a@b.de, c@d.de', Hi, shop@example.com, invalid-contact-point",
                "ada@example.com, {{ contact.tier }}, shop@example.com, missing-required-field",
                "ada@example.com, Hi, {{ contact.tier }}, missing-required-field",
                "ada@example.com, Hi, {{ contact.firstName }}, invalid-sender",
                "ada@example.com, {{ contact.firstName | divided_by: 0 }}, shop@example.com, missing-required-field",
            },
            nullValues = "null")
    void what_cannot_be_sent_is_blocked(
            @org.jspecify.annotations.Nullable String email, String subject, String from, String reason) {
        message("commercial", subject, from);

        delivery.send(runs.enter(contact(email)), 1);

        assertThat(server.commands).isEmpty();
        assertThat(states()).containsExactly("blocked");
        assertThat(runs.ends()).containsExactly("blocked " + reason);
        assertThat(facts()).containsExactly("EmailBlocked");
    }

    @Test
    void who_said_no_before_is_not_written_to() {
        var contact = contact("Ada@Example.com");
        database.jdbi()
                .useHandle(handle -> feature.consents()
                        .set(
                                handle,
                                contact,
                                "ada@example.com",
                                "commercial",
                                "out",
                                "test",
                                FakeRuns.ENTERED.minusSeconds(9)));

        delivery.send(runs.enter(contact), 1);

        assertThat(runs.ends()).containsExactly("blocked no-consent");
        assertThat(server.commands).isEmpty();
    }

    @Test
    void who_asked_to_be_forgotten_is_not_written_to() {
        database.jdbi().useHandle(handle -> new DoNotContact(database.jdbi()).add(handle, "ada@example.com", START));

        delivery.send(runs.enter(contact("ADA@example.com")), 1);

        assertThat(runs.ends()).containsExactly("blocked do-not-contact");
    }

    @Test
    void a_message_that_is_not_live_fails_the_tile() {
        database.jdbi().useHandle(handle -> handle.execute("update message set state = 'stopped'"));

        delivery.send(runs.enter(contact("ada@example.com")), 1);

        assertThat(runs.ends()).containsExactly("failed message-not-live");
    }

    @Test
    void the_version_of_the_reservation_is_sent_and_recorded() {
        var run = runs.enter(contact("ada@example.com"));
        server.at("MAIL", "451 later");
        assertThatThrownBy(() -> delivery.send(run, 1)).isInstanceOf(ApplicationFailure.class);
        server.behave();
        message("commercial", "Newer", "shop@example.com");

        again().send(run, 1);

        assertThat(server.taken.getFirst()).contains("Subject: Hi Ada");
    }

    @Test
    void an_exit_that_commits_after_the_reservation_cancels_it() {
        var run = runs.enter(contact("ada@example.com"));
        whenConnected = () -> runs.stop(run, "exit-interaction");

        delivery.send(run, 1);

        assertCancelled("stopped exit-interaction");
    }

    @Test
    void an_exit_that_commits_after_the_hand_over_was_committed_cancels_it() {
        var run = runs.enter(contact("ada@example.com"));
        runs.beforeLastLook = () -> {
            assertThat(states()).containsExactly("handing-over");
            runs.stop(run, "suppression-segment");
        };

        delivery.send(run, 1);

        assertCancelled("stopped suppression-segment");
    }

    @Test
    void a_consent_withdrawn_before_the_last_look_is_heeded() {
        var contact = contact("ada@example.com");
        runs.beforeLastLook = () -> database.jdbi()
                .useHandle(handle ->
                        feature.consents().set(handle, contact, "ada@example.com", "commercial", "out", "test", START));

        delivery.send(runs.enter(contact), 1);

        assertThat(server.seen).isEmpty();
        assertThat(runs.ends()).containsExactly("blocked no-consent");
    }

    @Test
    void a_run_that_was_closed_while_its_delivery_waited_leaves_it_cancelled() {
        var run = runs.enter(contact("ada@example.com"));
        server.at("MAIL", "451 later");
        assertThatThrownBy(() -> delivery.send(run, 1)).isInstanceOf(ApplicationFailure.class);
        server.behave();
        database.jdbi().useHandle(handle -> handle.execute("update fake_run set ended = 'stopped'"));

        again().send(run, 1);

        assertThat(states()).containsExactly("cancelled");
        assertThat(server.seen).isEmpty();
    }

    @Test
    void a_crash_after_the_reservation_costs_nothing() {
        var run = runs.enter(contact("ada@example.com"));
        whenConnected = EmailDeliveryTest::crash;
        assertThatThrownBy(() -> delivery.send(run, 1)).isInstanceOf(Crash.class);
        whenConnected = () -> {};

        again().send(run, 1);

        assertThat(server.taken).hasSize(1);
        assertThat(states()).containsExactly("sent");
    }

    @Test
    void a_crash_between_hand_over_and_result_is_unconfirmed_when_the_lease_has_run_out() {
        var run = runs.enter(contact("ada@example.com"));
        beforeHandOver = EmailDeliveryTest::crash;
        assertThatThrownBy(() -> delivery.send(run, 1)).isInstanceOf(Crash.class);
        beforeHandOver = () -> {};

        var busy = catchThrowableOfType(ApplicationFailure.class, () -> again().send(run, 1));
        assertThat(busy.getNextRetryDelay())
                .isBetween(java.time.Duration.ofSeconds(19), java.time.Duration.ofSeconds(21));
        now = START.plusSeconds(21);
        again().send(run, 1);

        assertThat(server.seen).isEmpty();
        assertThat(states()).containsExactly("unconfirmed");
        assertThat(runs.ends()).containsExactly("unconfirmed");
        assertThat(facts()).containsExactly("EmailUnconfirmed");
    }

    @Test
    void a_crash_after_the_server_took_it_sends_nothing_again() {
        var run = runs.enter(contact("ada@example.com"));
        afterHandOver = EmailDeliveryTest::crash;
        assertThatThrownBy(() -> delivery.send(run, 1)).isInstanceOf(Crash.class);
        afterHandOver = () -> {};
        now = START.plusSeconds(21);

        again().send(run, 1);

        assertThat(server.taken).hasSize(1);
        assertThat(states()).containsExactly("unconfirmed");
    }

    @Test
    void a_crash_while_the_result_is_written_leaves_nothing_half_done() {
        var run = runs.enter(contact("ada@example.com"));
        runs.whileLeaving = EmailDeliveryTest::crash;
        assertThatThrownBy(() -> delivery.send(run, 1)).isInstanceOf(Crash.class);
        runs.whileLeaving = () -> {};

        assertThat(states()).containsExactly("handing-over");
        assertThat(runs.ends()).containsExactly((String) null);
        assertThat(facts()).isEmpty();
        now = START.plusSeconds(21);
        again().send(run, 1);

        assertThat(server.taken).hasSize(1);
        assertThat(states()).containsExactly("unconfirmed");
    }

    @Test
    void a_crash_after_the_result_only_asks_what_comes_next() {
        var run = runs.enter(contact("ada@example.com"));
        runs.beforeNext = EmailDeliveryTest::crash;
        assertThatThrownBy(() -> delivery.send(run, 1)).isInstanceOf(Crash.class);
        runs.beforeNext = () -> {};

        again().send(run, 1);

        assertThat(server.taken).hasSize(1);
        assertThat(states()).containsExactly("sent");
        assertThat(facts()).containsExactly("EmailSent");
    }

    @Test
    void a_database_that_fails_before_the_hand_over_costs_an_attempt_and_nothing_else() {
        var run = runs.enter(contact("ada@example.com"));
        runs.beforeLastLook = () -> {
            throw new IllegalStateException("ada@example.com could not be read");
        };

        var failure = catchThrowableOfType(ApplicationFailure.class, () -> delivery.send(run, 1));
        assertThat(failure.getMessage()).doesNotContain("ada");
        assertThat(failure.getCause()).isNull();
        assertThat(states()).containsExactly("reserved");
        runs.beforeLastLook = () -> {};
        again().send(run, 1);

        assertThat(states()).containsExactly("sent");
    }

    @Test
    void an_older_attempt_that_wakes_up_late_does_nothing() throws Exception {
        var run = runs.enter(contact("ada@example.com"));
        var handedOver = new CountDownLatch(1);
        var mayGoOn = new CountDownLatch(1);
        afterHandOver = () -> {
            handedOver.countDown();
            await(mayGoOn);
        };
        var older = CompletableFuture.runAsync(
                () -> delivery.send(run, 1), task -> Thread.ofVirtual().start(task));
        handedOver.await();
        now = START.plusSeconds(21);
        again().send(run, 1);

        mayGoOn.countDown();
        older.get();

        assertThat(server.taken).hasSize(1);
        assertThat(states()).containsExactly("unconfirmed");
        assertThat(runs.ends()).containsExactly("unconfirmed");
        assertThat(facts()).containsExactly("EmailUnconfirmed");
    }

    @Test
    void an_attempt_that_slept_before_its_last_look_sends_nothing_when_another_has_given_the_delivery_up() {
        var run = runs.enter(contact("ada@example.com"));
        runs.beforeLastLook = () -> {
            runs.beforeLastLook = () -> {};
            now = START.plusSeconds(21);
            CompletableFuture.runAsync(() -> delivery.send(run, 1)).join();
        };

        delivery.send(run, 1);

        assertThat(server.seen).isEmpty();
        assertThat(states()).containsExactly("unconfirmed");
        assertThat(runs.ends()).containsExactly("unconfirmed");
    }

    @Test
    void two_attempts_at_once_send_one_email() throws Exception {
        for (var round = 0; round < 20; round++) {
            var run = runs.enter(contact("ada" + round + "@example.com"));
            var both = List.of(attempt(run), attempt(run));
            for (var attempt : both) {
                attempt.get();
            }
        }

        assertThat(server.taken).hasSize(20);
        assertThat(states()).hasSize(20).containsOnly("sent");
    }

    private CompletableFuture<Void> attempt(UUID run) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        delivery.send(run, 1);
                    } catch (ApplicationFailure theOtherWasFaster) {
                        assertThat(theOtherWasFaster.getMessage()).contains("Another attempt");
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    private void assertCancelled(String end) {
        assertThat(server.seen).isEmpty();
        assertThat(states()).containsExactly("cancelled");
        assertThat(runs.ends()).containsExactly(end);
        assertThat(facts()).isEmpty();
    }

    private static void crash() {
        throw new Crash();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    /** A later attempt. */
    private TileDelivery<Email> again() {
        runs.startLooksAnew();
        return delivery;
    }

    private TileDelivery<Email> attempts(int number) {
        var settings = new SmtpSettings(
                "127.0.0.1",
                server.port(),
                null,
                null,
                SmtpSettings.Tls.NONE,
                null,
                Duration.seconds(2),
                Duration.seconds(5),
                "example.com",
                2,
                10_000);
        var smtp = new SmtpServer(new SmtpConnections(settings), settings);
        Sender<Email> withSteps = () -> {
            var ready = smtp.connect();
            return new Sender.Ready<>() {
                @Override
                public HandOver handOver(Email email) {
                    beforeHandOver.run();
                    var outcome = ready.handOver(email);
                    afterHandOver.run();
                    return outcome;
                }

                @Override
                public void close() {
                    ready.close();
                }
            };
        };
        Sender<Email> withPause = () -> {
            var ready = withSteps.connect();
            whenConnected.run();
            return ready;
        };
        return feature.emailDelivery(runs, withPause, new Pace(10_000), () -> new Attempt() {
            @Override
            public int number() {
                return number;
            }

            @Override
            public void heartbeat() {}
        });
    }

    private long contact(@org.jspecify.annotations.Nullable String email) {
        return jdbi().withHandle(handle ->
                handle.createQuery("""
                        insert into contact (email, first_name, created_at, updated_at) values (?, 'Ada', now(), now())
                        returning id
                        """).bind(0, email).mapTo(Long.class).one());
    }

    /** Brings a version of the message live. */
    private void message(String purpose, String subject, String from) {
        jdbi().useHandle(handle -> {
            handle.execute("""
                    insert into message (key, channel, state, live_version, created_at, created_by, updated_at, updated_by)
                    values ('hello', 'email', 'live', 0, now(), 'test', now(), 'test')
                    on conflict do nothing
                    """);
            handle.execute("update message set live_version = live_version + 1");
            handle.execute("""
                    insert into message_version (message_id, version, content, live_at, live_by)
                    select id, live_version, jsonb_build_object('purpose', ?::text, 'subject', ?::text, 'from', ?::text,
                      'html', '<p>Hello {{ contact.firstName }}</p><a href="https://shop.example.com/">new</a>', 'tags', '[]'::jsonb),
                      now(), 'test' from message
                    """, purpose, subject, from);
        });
    }

    private String id() {
        return jdbi().withHandle(handle -> handle.createQuery("select id::text from delivery")
                .mapTo(String.class)
                .one());
    }

    private List<String> states() {
        return jdbi().withHandle(handle -> handle.createQuery("select state from delivery order by id")
                .mapTo(String.class)
                .list());
    }

    private List<String> facts() {
        return jdbi().withHandle(
                        handle -> handle.createQuery("""
                        select t.key from interaction i join interaction_type t on t.id = i.type_id order by i.id
                        """).mapTo(String.class).list());
    }

    private Jdbi jdbi() {
        return database.jdbi();
    }
}
