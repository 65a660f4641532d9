package sojourn.app.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sojourn.app.contacts.ContactsFeature;
import sojourn.app.delivery.ScriptedProvider.Answer;
import sojourn.app.interactions.InteractionsFeature;
import sojourn.app.messages.MessagesFeature;
import sojourn.app.platform.Columns;
import sojourn.app.platform.Json;
import sojourn.app.segments.NamedRecords;
import sojourn.testing.Database;
import sojourn.workflows.journeys.Instruction;
import sojourn.workflows.journeys.SendingTile;

/** What texts and webhooks come to, and how often each is sent, whatever the provider does. */
class ChannelDeliveryTest {

    /** Ends a thread's work where it stands, as a crash would: nothing of ours catches it. */
    private static final class Crash extends Error {}

    private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    @RegisterExtension
    final Database database = new Database();

    private final ScriptedProvider provider = new ScriptedProvider();
    private Instant now = START;
    private FakeRuns runs;
    private DeliveryFeature feature;
    private Runnable beforeHandOver = () -> {};
    private Runnable afterHandOver = () -> {};

    @BeforeEach
    void start() {
        var jdbi = database.jdbi();
        var contacts = new ContactsFeature(jdbi, () -> now);
        var interactions = new InteractionsFeature(jdbi, contacts, () -> now, Duration.ofMinutes(5));
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
        runs.what = new SendingTile.Text("hello", null, null, null, null, null, null);
        message("text", Map.of("text", "Hi {{ contact.firstName }} & all: {{ unsubscribeUrl }}"));
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void a_text_is_sent_once_and_the_run_goes_on() {
        var run = runs.enter(contact("+49 (0)30 123-456"));

        text().send(run, 1);
        text().send(run, 1);

        assertThat(provider.requests).hasSize(1);
        var request = provider.requests.getFirst();
        assertThat(request.path()).isEqualTo("/2010-04-01/Accounts/AC1/Messages.json");
        assertThat(request.headers())
                .containsEntry("authorization", "Basic QUMxOnNlY3JldA==")
                .containsEntry("i-twilio-idempotency-token", id());
        assertThat(URLDecoder.decode(request.body(), StandardCharsets.UTF_8))
                .startsWith("To=+4930123456&From=+15550100&Body=Hi Ada & all: https://mail.example.com/t/u/");
        assertThat(states()).containsExactly("sent");
        assertThat(runs.ends()).containsExactly("sent");
        assertThat(facts()).containsExactly("TextSent");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {"null, no-contact-point", "030 123456, invalid-contact-point", "12, invalid-contact-point"})
    void a_number_that_no_network_knows_blocks_the_text(@Nullable String phone, String reason) {
        text().send(runs.enter(contact(phone)), 1);

        assertThat(provider.requests).isEmpty();
        assertThat(runs.ends()).containsExactly("blocked " + reason);
        assertThat(facts()).containsExactly("TextBlocked");
    }

    @ParameterizedTest
    @CsvSource({
        "400, '{\"code\": 21211}', bounced hard, 'TextSent,TextHardBounced'",
        "400, '{\"code\": 21610}', bounced block, 'TextSent,TextBlockBounced'",
        "400, '{\"code\": 21602}', failed provider-refused, ''",
        "400, '<html>nonsense', failed provider-refused, ''",
        "422, '', failed provider-refused, ''",
        "500, '', unconfirmed, TextUnconfirmed",
        "504, '', unconfirmed, TextUnconfirmed",
        "-1, '', unconfirmed, TextUnconfirmed",
    })
    void what_a_provider_answers_for_good_ends_the_visit(int status, String body, String end, String facts) {
        provider.answers(status, body);
        var run = runs.enter(contact("+4930123456"));

        text().send(run, 1);
        provider.answers(201, "{}");
        again().send(run, 1);

        assertThat(provider.requests).hasSize(1);
        assertThat(runs.ends()).containsExactly(end);
        assertThat(facts())
                .containsExactlyInAnyOrderElementsOf(facts.isEmpty() ? List.of() : List.of(facts.split(",")));
    }

    @ParameterizedTest
    @CsvSource({"401", "403", "404", "429", "503", "302"})
    void a_provider_that_does_not_take_it_now_is_asked_again(int status) {
        provider.answers(status, "");
        var run = runs.enter(contact("+4930123456"));

        var failure = catchThrowableOfType(ApplicationFailure.class, () -> text().send(run, 1));
        assertThat(failure.getOriginalMessage()).isEqualTo("The provider takes it later: answer " + status);
        assertThat(states()).containsExactly("reserved");
        provider.answers(201, "{}");
        again().send(run, 1);

        assertThat(states()).containsExactly("sent");
        assertThat(facts()).containsExactly("TextSent");
    }

    @Test
    void a_provider_that_is_down_is_waited_for_until_the_text_expires() {
        provider.close();
        runs.expiresAt = START.plusSeconds(60);
        var run = runs.enter(contact("+4930123456"));

        assertThatThrownBy(() -> text().send(run, 1)).isInstanceOf(ApplicationFailure.class);
        assertThat(states()).containsExactly("reserved");
        var waiting = database.jdbi()
                .withHandle(handle -> handle.select("select last_error, next_try_at from delivery")
                        .mapToMap()
                        .one());
        assertThat(waiting)
                .hasEntrySatisfying(
                        "last_error",
                        error -> assertThat(error).asString().startsWith("The provider takes it later: "));
        assertThat(waiting)
                .hasEntrySatisfying(
                        "next_try_at", at -> assertThat((Timestamp) at).isAfter(Timestamp.from(START)));
        now = START.plusSeconds(60);
        again().send(run, 1);

        assertThat(states()).containsExactly("expired");
    }

    @Test
    void a_provider_that_is_silent_or_speaks_nonsense_leaves_the_text_unconfirmed() throws IOException {
        for (var answer : List.of("", "220 this is SMTP\r\n")) {
            try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                Thread.ofVirtual().start(() -> answerOnce(socket, answer));
                var url = "http://127.0.0.1:" + socket.getLocalPort();

                text(url, Duration.ofSeconds(1)).send(runs.enter(contact("+4930123456")), 1);
            }
        }

        assertThat(runs.ends()).containsExactly("unconfirmed", "unconfirmed");
    }

    /** Reads what comes and answers; when that is nothing, waits for the other side to lose its patience. */
    private static void answerOnce(ServerSocket server, String answer) {
        try (var socket = server.accept()) {
            socket.getInputStream().readNBytes(100);
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            if (answer.isEmpty()) {
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void a_crash_between_hand_over_and_result_leaves_the_text_unconfirmed_and_it_is_never_sent_again() {
        for (var crashesFirst : List.of(true, false)) {
            var run = runs.enter(contact("+4930123456"));
            beforeHandOver = crashesFirst ? ChannelDeliveryTest::crash : () -> {};
            afterHandOver = ChannelDeliveryTest::crash;
            assertThatThrownBy(() -> text().send(run, 1)).isInstanceOf(Crash.class);
            beforeHandOver = () -> {};
            afterHandOver = () -> {};
            now = now.plusSeconds(21);

            again().send(run, 1);
            again().send(run, 1);
        }

        assertThat(provider.requests).as("of the one that crashed behind it").hasSize(1);
        assertThat(states()).containsExactly("unconfirmed", "unconfirmed");
        assertThat(facts()).containsExactly("TextUnconfirmed", "TextUnconfirmed");
    }

    @Test
    void who_said_no_before_gets_no_text() {
        var contact = contact("+49 30 123456");
        database.jdbi()
                .useHandle(handle -> feature.consents()
                        .set(handle, contact, "+4930123456", "commercial", "out", "test", START.minusSeconds(9)));

        text().send(runs.enter(contact), 1);

        assertThat(provider.requests).isEmpty();
        assertThat(runs.ends()).containsExactly("blocked no-consent");
    }

    @Test
    void a_text_outside_its_send_window_is_put_off() {
        runs.waitsUntil = START.plusSeconds(3600);
        var run = runs.enter(contact("+4930123456"));

        assertThat(text().send(run, 1)).isInstanceOf(Instruction.Hold.class);
        assertThat(provider.requests).isEmpty();
        assertThat(states()).containsExactly("reserved");
        runs.waitsUntil = null;
        again().send(run, 1);

        assertThat(states()).containsExactly("sent");
    }

    @Test
    void a_webhook_is_signed_and_a_contact_cannot_break_out_of_its_body() {
        runs.what = webhook(
                provider.url() + "/hooks/{{ contact.externalId | url_encode }}?from=sojourn",
                Map.of("name", "{{ contact.firstName }}", "tags", List.of("vip", 1, true)));
        var contact = contact("+4930123456");
        database.jdbi()
                .useHandle(handle -> handle.execute(
                        "update contact set external_id = 'a b', first_name = ?", "Eve\", \"admin\": \"yes"));

        webhook().send(runs.enter(contact), 1);

        var request = provider.requests.getFirst();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).matches("/hooks/a(\\+|%20)b\\?from=sojourn");
        assertThat(json(request.body()))
                .isEqualTo(json("{\"name\":\"Eve\\\", \\\"admin\\\": \\\"yes\",\"tags\":[\"vip\",1,true]}"));
        assertThat(request.headers())
                .containsEntry("content-type", "application/json")
                .containsEntry("x-source", "Sojourn")
                .containsEntry("webhook-id", id())
                .containsEntry("webhook-timestamp", String.valueOf(START.getEpochSecond()))
                .containsEntry(
                        "webhook-signature",
                        WebhookSignature.with(SECRET).of(id(), START.getEpochSecond(), request.body()));
        assertThat(runs.ends()).containsExactly("sent");
        assertThat(facts()).containsExactly("WebhookSent");
    }

    @Test
    void a_webhook_without_an_answer_is_called_again_by_the_same_id_and_with_the_same_body() {
        runs.what = webhook(provider.url(), null);
        provider.answers(request -> provider.requests.size() == 1 ? Answer.CUT : new Answer(204, ""));
        var run = runs.enter(contact("+4930123456"));

        assertThatThrownBy(() -> webhook().send(run, 1)).isInstanceOf(ApplicationFailure.class);
        assertThat(states()).containsExactly("reserved");
        now = START.plusSeconds(10);
        again();
        webhook().send(run, 1);

        assertThat(states()).containsExactly("sent");
        assertThat(provider.requests).hasSize(2);
        assertThat(provider.requests.get(1).body())
                .isEqualTo(provider.requests.get(0).body());
        assertThat(provider.requests)
                .extracting(request -> request.headers().get("webhook-id"))
                .containsExactly(id(), id());
        assertThat(provider.requests.get(1).headers()).containsEntry("webhook-timestamp", "1795168810");
    }

    @Test
    void a_crash_around_a_webhook_has_it_called_again_and_a_run_that_ends_meanwhile_leaves_it_unconfirmed() {
        runs.what = webhook(provider.url(), null);
        var goesOn = runs.enter(contact("+4930123456"));
        var stops = runs.enter(contact("+4930123456"));
        afterHandOver = ChannelDeliveryTest::crash;
        for (var run : List.of(goesOn, stops)) {
            assertThatThrownBy(() -> webhook().send(run, 1)).isInstanceOf(Crash.class);
        }
        afterHandOver = () -> {};
        runs.stop(stops, "exit-interaction");
        now = START.plusSeconds(21);

        again();
        webhook().send(goesOn, 1);
        again();
        webhook().send(stops, 1);

        assertThat(provider.requests).hasSize(3);
        assertThat(states()).containsExactly("sent", "unconfirmed");
        assertThat(runs.ends()).containsExactly("sent", "stopped exit-interaction");
    }

    @ParameterizedTest
    @CsvSource({"408", "409", "425", "429", "500", "503", "301"})
    void a_receiver_that_asks_for_it_is_called_again(int status) {
        runs.what = webhook(provider.url(), null);
        provider.answers(status, "");
        var run = runs.enter(contact("+4930123456"));

        assertThatThrownBy(() -> webhook().send(run, 1)).isInstanceOf(ApplicationFailure.class);
        provider.answers(200, "");
        again();
        webhook().send(run, 1);

        assertThat(states()).containsExactly("sent");
    }

    @ParameterizedTest
    @CsvSource({"400", "404", "410", "422"})
    void a_receiver_that_refuses_fails_the_tile(int status) {
        runs.what = webhook(provider.url(), null);
        provider.answers(status, "");

        webhook().send(runs.enter(contact("+4930123456")), 1);

        assertThat(runs.ends()).containsExactly("failed provider-refused");
        assertThat(states()).containsExactly("failed");
    }

    @Test
    void a_webhook_reaches_nothing_inside_unless_that_is_allowed() {
        runs.what = webhook(provider.url().replace("127.0.0.1", "localhost"), null);
        var run = runs.enter(contact("+4930123456"));

        webhook("").send(run, 1);

        assertThat(provider.requests).isEmpty();
        assertThat(runs.ends()).containsExactly("failed provider-refused");
        assertThat(reason()).isEqualTo("refused-egress");
    }

    @Test
    void an_address_that_comes_out_as_none_blocks_the_webhook() {
        for (var url : List.of("{{ contact.tier }}", "file:///etc/passwd", "https://a:b@crm.example.com/")) {
            runs.what = webhook(url, null);
            webhook().send(runs.enter(contact("+4930123456")), 1);
        }

        assertThat(runs.ends()).containsOnly("blocked missing-required-field");
        assertThat(facts()).containsOnly("WebhookBlocked");
    }

    private static SendingTile.Webhook webhook(String url, @Nullable Object body) {
        return new SendingTile.Webhook(url, null, Map.of("X-Source", "Sojourn"), body, null, null, null, null);
    }

    private static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (IOException malformed) {
            throw new AssertionError(malformed);
        }
    }

    private static void crash() {
        throw new Crash();
    }

    private TileDelivery<TextMessage> again() {
        runs.startLooksAnew();
        return text();
    }

    private TileDelivery<TextMessage> text() {
        return text(provider.url(), Duration.ofSeconds(10));
    }

    private TileDelivery<TextMessage> text(String url, Duration timeout) {
        var twilio = new TextSettings.Twilio(URI.create(url + "/"), "AC1", "secret", "+15550100");
        var sender = new TwilioSender(new HttpCalls(Hosts.any(), Duration.ofSeconds(2), timeout), twilio);
        return feature.textDelivery(runs, withSteps(sender), new Pace(10_000), ChannelDeliveryTest::attempt);
    }

    private TileDelivery<WebhookCall> webhook() {
        return webhook("127.0.0.1 ::1");
    }

    private TileDelivery<WebhookCall> webhook(String allowed) {
        var http = new HttpCalls(new Egress(Network.list(allowed)), Duration.ofSeconds(2), Duration.ofSeconds(10));
        var sender = new WebhookSender(http, WebhookSignature.with(SECRET), () -> now);
        return feature.webhookDelivery(runs, withSteps(sender), new Pace(10_000), ChannelDeliveryTest::attempt);
    }

    private <M> Sender<M> withSteps(Sender<M> sender) {
        return new Sender<>() {
            @Override
            public Ready<M> connect() throws UnavailableException, InterruptedException {
                var ready = sender.connect();
                return ConnectionLess.of(message -> {
                    beforeHandOver.run();
                    var outcome = ready.handOver(message);
                    afterHandOver.run();
                    return outcome;
                });
            }

            @Override
            public boolean receiversKnowRepeats() {
                return sender.receiversKnowRepeats();
            }
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

    private long contact(@Nullable String phone) {
        return database.jdbi()
                .withHandle(handle ->
                        handle.createQuery("""
                        insert into contact (phone, first_name, created_at, updated_at) values (?, 'Ada', now(), now())
                        returning id
                        """).bind(0, phone).mapTo(Long.class).one());
    }

    private void message(String channel, Map<String, String> content) {
        var all = new HashMap<String, Object>(content);
        all.put("purpose", "commercial");
        all.put("tags", List.of());
        database.jdbi().useHandle(handle -> {
            handle.execute("""
                    insert into message (key, channel, state, live_version, created_at, created_by, updated_at, updated_by)
                    values ('hello', ?, 'live', 1, now(), 'test', now(), 'test')
                    """, channel);
            handle.execute("""
                    insert into message_version (message_id, version, content, live_at, live_by)
                    select id, 1, cast(? as jsonb), now(), 'test' from message
                    """, Columns.json(all));
        });
    }

    private String id() {
        return one("select id::text from delivery");
    }

    private String reason() {
        return one("select reason from delivery");
    }

    private String one(String sql) {
        return database.jdbi()
                .withHandle(
                        handle -> handle.createQuery(sql).mapTo(String.class).one());
    }

    private List<String> states() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("select state from delivery order by id")
                        .mapTo(String.class)
                        .list());
    }

    private List<String> facts() {
        return database.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                        select t.key from interaction i join interaction_type t on t.id = i.type_id order by i.id
                        """).mapTo(String.class).list());
    }
}
