package sojourn.app.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Answer;
import sojourn.testing.App;
import sojourn.testing.Mailbox;
import sojourn.testing.Noted;

/** A message on trial goes to whoever tries it, and leaves no trace of the contact it was filled with. */
class TestSendTest {

    private static final Mailbox mailbox = new Mailbox();

    @RegisterExtension
    static final App app = new App().with("smtp.port", String.valueOf(mailbox.port()));

    @BeforeAll
    static void a_message_and_a_contact() {
        app.request("PUT", "/v1/contacts/external:ada", """
                {"externalId": "ada", "email": "ada@example.com", "firstName": "Ada"}
                """).expect(201);
        app.request("POST", "/v1/messages", """
                {"key": "hello", "channel": "email", "purpose": "commercial", "from": "Shop <shop@example.com>",
                 "subject": "Hello {{ contact.firstName }}",
                 "html": "<p>Dear {{ contact.firstName }}, <a href='https://shop.example.com/new'>see</a></p>"}
                """).expect(201);
        app.request("POST", "/v1/messages", """
                {"key": "empty", "channel": "email", "purpose": "commercial", "from": "Shop <shop@example.com>",
                 "subject": "{{ contact.lastName }}", "text": "Hello"}
                """).expect(201);
    }

    @AfterAll
    static void close() {
        mailbox.close();
    }

    @Test
    void a_draft_is_sent_as_the_contact_would_get_it_and_is_no_delivery() throws Exception {
        var answer = send("hello", List.of("me@example.com", "you@example.com", "me@example.com"));

        assertThat(answer.expect(200).body())
                .isEqualTo("{\"results\":[{\"to\":\"me@example.com\",\"outcome\":\"sent\"},"
                        + "{\"to\":\"you@example.com\",\"outcome\":\"sent\"}]}");
        assertThat(mailbox.to("you@example.com")).hasSize(1);
        assertThat(mailbox.to("ada@example.com")).isEmpty();
        var mail = mailbox.to("me@example.com").getFirst();
        assertThat(mail.subject()).isEqualTo("[Test] Hello Ada");
        assertThat(mail.header("List-Unsubscribe")).isEmpty();
        assertThat(new String(mail.message().getRawInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("Dear Ada", "https://shop.example.com/new")
                .doesNotContain("/t/");
        for (var table : List.of("delivery", "interaction", "consent")) {
            assertThat(count(table)).as(table).isZero();
        }
    }

    @Test
    void who_tried_which_message_is_in_the_audit_log_and_to_whom_is_not() {
        var before = Noted.about(app, "message", "hello").size();
        var id = app.request("GET", "/v1/messages/hello").json().path("id").asText();
        app.request(
                        "POST",
                        "/v1/messages/" + id + "/test-send",
                        Map.of("contact", "external:ada", "to", List.of("eve@example.com", "me@example.com")))
                .expect(200);
        send("hello", List.of("me")).expect(422);

        assertThat(Noted.about(app, "message", "hello"))
                .hasSize(before + 1)
                .last()
                .isEqualTo(Noted.of("test-sent", "{\"emails\": 2}"));
        var entry = Noted.entries(app, "action=test-sent").getFirst();
        assertThat(entry.path("contactId").asText())
                .isEqualTo(app.request("GET", "/v1/contacts/external:ada")
                        .json()
                        .path("id")
                        .asText());
        assertThat(entry.toString()).doesNotContain("@");
    }

    @Test
    void what_cannot_be_sent_is_refused_before_anybody_gets_anything() {
        var before = mailbox.mails().size();
        var tooMany = IntStream.range(0, 11)
                .mapToObj(number -> "me" + number + "@example.com")
                .toList();

        for (var to : List.of(
                List.<String>of(), tooMany, List.of("me@example.com", "a@example.com, b@example.com"), List.of("me"))) {
            assertThat(send("hello", to).status()).as("%s", to).isEqualTo(422);
        }
        assertThat(send("empty", List.of("me@example.com")).expect(422).body()).contains("is empty");
        send("nothing", List.of("me@example.com")).expect(404);
        app.request(
                        "POST",
                        "/v1/messages/hello/test-send",
                        "{\"contact\": \"external:x\", \"to\": [\"me@example.com\"]}")
                .expect(422);

        assertThat(mailbox.mails()).hasSize(before);
    }

    @Test
    void an_address_whose_owner_was_erased_is_not_written_to() {
        app.request("PUT", "/v1/contacts/external:bob", "{\"externalId\": \"bob\", \"email\": \"bob@example.com\"}")
                .expect(201);
        app.request("DELETE", "/v1/contacts/external:bob").expect(204);

        assertThat(send("hello", List.of("bob@example.com")).expect(422).body()).contains("do-not-contact");
    }

    @Test
    void a_mail_server_that_is_away_is_told() {
        var answer = new AtomicReference<Answer>();

        mailbox.downWhile(() -> answer.set(send("hello", List.of("late@example.com"))));

        assertThat(answer.get().expect(200).json().at("/results/0/outcome").textValue())
                .isEqualTo("unavailable");
        assertThat(mailbox.to("late@example.com")).isEmpty();
    }

    private static Answer send(String message, List<String> to) {
        return app.request(
                "POST", "/v1/messages/" + message + "/test-send", Map.of("contact", "external:ada", "to", to));
    }

    private static int count(String table) {
        return app.jdbi()
                .withHandle(handle -> handle.select("select count(*) from " + table)
                        .mapTo(Integer.class)
                        .one());
    }
}
