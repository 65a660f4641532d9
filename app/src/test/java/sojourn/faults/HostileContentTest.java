package sojourn.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static sojourn.faults.HostileInputTest.json;
import static sojourn.faults.HostileInputTest.refused;
import static sojourn.faults.HostileInputTest.soon;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sojourn.testing.App;
import sojourn.testing.Mailbox;

/** Templates, files and journeys that mean harm do none: they are refused, or taken as the mere text they are. */
class HostileContentTest {

    private static final Mailbox mailbox = new Mailbox();

    @RegisterExtension
    static final App app = new App().with("smtp.port", String.valueOf(mailbox.port()));

    @AfterAll
    static void close() {
        mailbox.close();
    }

    static Stream<String> templates() {
        return Stream.of(
                "{% if %}",
                "{{ contact.firstName",
                "{% for i in (1..100000000) %}xxxxxxxxxx{% endfor %}",
                "{% for i in (1..10000) %}{% for j in (1..10000) %}{% for k in (1..10000) %}x{% endfor %}{% endfor %}{% endfor %}",
                "{% assign a = 'xxxxxxxxxx' %}{% for i in (1..40) %}{% assign a = a | append: a %}{% endfor %}{{ a }}",
                "{{ 'x' | replace: 'x', 'xxxxxxxxxx' | replace: 'x', 'xxxxxxxxxx' | replace: 'x', 'xxxxxxxxxx' | replace: 'x', 'xxxxxxxxxx' | replace: 'x', 'xxxxxxxxxx' | replace: 'x', 'xxxxxxxxxx' | replace: 'x', 'xxxxxxxxxx' | replace: 'x', 'xxxxxxxxxx' }}",
                "{{ 9 | times: 1e999999999 }}",
                "{{ 1e999999999 | plus: 1 }}",
                "{{ 10 | divided_by: 0 }}",
                "{{ contact.class.classLoader }}",
                "{{ contact.getClass }}",
                "{% include 'file:///etc/passwd' %}",
                "{% render '../../etc/passwd' %}",
                "{{ 'now' | date: '%s%n%9999999999d' }}",
                "{% capture x %}{{ x }}{% endcapture %}{{ x }}",
                "{% if true %}".repeat(10_000) + "{% endif %}".repeat(10_000),
                "{{ ".repeat(50_000),
                "{{ 'a' " + "| upcase ".repeat(50_000) + "}}",
                "{{ contact" + ".a".repeat(50_000) + " }}",
                "\0");
    }

    @ParameterizedTest
    @MethodSource("templates")
    void a_template_that_asks_for_too_much_is_refused_soon(String template) {
        for (var field : List.of("subject", "html", "text")) {
            var content = new java.util.LinkedHashMap<>(Map.of(
                    "key", "hostile",
                    "channel", "email",
                    "purpose", "commercial",
                    "from", "Shop <shop@example.com>",
                    "subject", "Hello",
                    "text", "Hello"));
            content.put(field, template);
            var made = soon(app.request("POST", "/v1/messages", json(content)));
            if (made.status() != 201) {
                refused(made);
                continue;
            }
            app.request(
                    "PUT", "/v1/contacts/external:ada", "{\"externalId\": \"ada\", \"email\": \"ada@example.com\"}");
            var preview = soon(app.request("POST", "/v1/messages/hostile/preview", "{\"contact\": \"external:ada\"}"));
            assertThat(preview.status()).as(preview.body()).isLessThan(500);
            assertThat(preview.body().length()).isLessThan(10_000_000);
            assertThat(preview.body()).doesNotContain("root:", "ClassLoader");
            var live = soon(app.request("POST", "/v1/messages/hostile/go-live"));
            assertThat(live.status()).as(live.body()).isLessThan(500);
            app.request("POST", "/v1/messages/hostile/stop");
            app.request("DELETE", "/v1/messages/hostile");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Shop <shop@example.com>\r\nBcc: evil@example.com",
                "shop@example.com, evil@example.com",
                "\u0000@example.com",
                "not an address",
                "a@b\n"
            })
    void a_sender_that_is_more_than_one_address_is_refused(String from) {
        refused(app.request(
                "POST",
                "/v1/messages",
                json(Map.of(
                        "key",
                        "sender",
                        "channel",
                        "email",
                        "purpose",
                        "commercial",
                        "from",
                        from,
                        "subject",
                        "Hello",
                        "text",
                        "Hello"))));
    }

    static Stream<byte[]> files() {
        return Stream.of(
                bytes(""),
                bytes("\ufeffexternalId,email\n1,ada@example.com\n"),
                bytes("externalId,externalId\n1,2\n"),
                bytes("nonsense\n1\n"),
                bytes("externalId,email\n1,\"open quote\n2,x\n" + "y".repeat(100_000)),
                bytes("externalId" + ",email".repeat(100_000) + "\n1\n"),
                bytes("externalId\n" + "x".repeat(5_000_000) + "\n"),
                bytes("externalId,firstName\n1,=cmd|' /C calc'!A0\n2,\"a\0b\"\n3,<script>alert(1)</script>\n"),
                bytes("externalId,email\n1,\"ada@example.com\r\nBcc: evil@example.com\"\n"),
                bytes("externalId,email\r1,a@example.com\r2,b@example.com\r"),
                "externalId,firstName\n1,G\u00e4nserndorf\n".getBytes(StandardCharsets.ISO_8859_1),
                "externalId,firstName\n1,Ada\n".getBytes(StandardCharsets.UTF_16),
                new byte[100_000]);
    }

    @ParameterizedTest
    @MethodSource("files")
    void a_file_that_is_not_what_it_says_ends_as_a_job_with_its_problems(byte[] file) {
        for (var type : List.of("text/csv", "application/x-ndjson")) {
            var answer = soon(app.admin()
                    .with("Content-Type", type)
                    .request("POST", "/v1/contacts/import", BodyPublishers.ofByteArray(file)));
            if (answer.status() != 202) {
                refused(answer);
                continue;
            }
            var job = ended(answer.header("location"));
            for (var problem : job.at("/problems")) {
                // What a file as a whole is not, is in no line of it.
                assertThat(problem.at("/line").asInt() > 0
                                || job.at("/state").asText().equals("failed"))
                        .as(job::toString)
                        .isTrue();
                assertThat(problem.at("/code").asText()).isNotBlank();
            }
            assertThat(job.toString().length()).isLessThan(1_000_000);
        }
    }

    private static JsonNode ended(String job) {
        var until = System.nanoTime() + 20_000_000_000L;
        while (true) {
            var seen = app.request("GET", job.substring(job.indexOf("/v1/")))
                    .expect(200)
                    .json();
            if (!List.of("queued", "running").contains(seen.at("/state").asText())) {
                return seen;
            }
            assertThat(System.nanoTime()).as(seen::toString).isLessThan(until);
            Outside.pause(java.time.Duration.ofMillis(50));
        }
    }

    static Stream<String> tiles() {
        return Stream.of(
                "{\"a\": {\"type\": \"attributeBranch\", \"otherwise\": \"b\", \"branches\": []},"
                        + " \"b\": {\"type\": \"attributeBranch\", \"otherwise\": \"a\", \"branches\": []}}",
                "{\"a\": {\"type\": \"waitFor\", \"duration\": \"PT0S\", \"next\": \"a\"}}",
                "{\"a\": {\"type\": \"waitFor\", \"duration\": \"P999999999999Y\", \"next\": null}}",
                "{\"a\": {\"type\": \"waitFor\", \"duration\": \"-P1D\", \"next\": null}}",
                "{\"a\": {\"type\": \"waitUntil\", \"at\": \"+999999999-12-31T23:59:59\", \"next\": null}}",
                "{\"a\": {\"type\": \"bomb\"}}",
                "{\"a\": null}",
                "{\"a\": {\"type\": \"ifThen\", \"timeLimit\": \"PT1S\", \"since\": \"run\", \"branches\": [{\"name\": \"x\","
                        + " \"when\": [{\"interaction\": {\"type\": \"EmailOpened\", \"atLeast\": -1}}], \"next\": null}]}}",
                "{\"a\": {\"type\": \"attributeBranch\", \"otherwise\": null, \"branches\": [{\"name\": \"x\", \"when\": \""
                        + "(".repeat(50_000) + "\", \"next\": null}]}}",
                "{\"\\u0000\": {\"type\": \"end\"}}",
                "{\"" + "x".repeat(100_000) + "\": {\"type\": \"end\"}}");
    }

    @ParameterizedTest
    @MethodSource("tiles")
    void a_journey_that_would_never_end_or_never_begin_does_not_go_live(String tiles) {
        var made = soon(app.request("POST", "/v1/journeys", """
                {"key": "hostile", "document": {"name": "Hostile", "audience": {"segments": ["none"]}, "start": "a",
                 "tiles": %s}}
                """.formatted(tiles)));
        if (made.status() != 201) {
            refused(made);
            return;
        }
        try {
            assertThat(soon(app.request("POST", "/v1/journeys/hostile/check"))
                            .json()
                            .at("/problems")
                            .toString())
                    .contains("/tiles");
            refused(app.request("POST", "/v1/journeys/hostile/go-live"));
        } finally {
            app.request("DELETE", "/v1/journeys/hostile");
        }
    }

    @Test
    void what_people_are_called_stays_text_in_the_emails_they_get() throws Exception {
        app.request("POST", "/v1/segments", """
                {"key": "all", "name": "All", "kind": "dynamic", "query": "PROFILE(contact).FILTER(lastName == 'Mallory')"}
                """).expect(201);
        app.request("POST", "/v1/segments/all/go-live").expect(202);
        app.request("POST", "/v1/messages", """
                {"key": "hello", "channel": "email", "purpose": "commercial", "from": "Shop <shop@example.com>",
                 "subject": "Hello {{ contact.firstName }}", "html": "<p>Hello {{ contact.firstName }}</p>"}
                """).expect(201);
        app.request("POST", "/v1/messages/hello/go-live").expect(200);
        Shop.await(
                "the segment is live",
                () -> app.request("GET", "/v1/segments/all").body().contains("\"live\""));
        app.request("POST", "/v1/journeys", """
                {"key": "hello", "document": {"name": "Hello", "audience": {"segments": ["all"]}, "start": "hello",
                 "tiles": {"hello": {"type": "email", "message": "hello", "next": null}}}}
                """).expect(201);
        app.request("POST", "/v1/journeys/hello/go-live").expect(202);

        app.request(
                "PUT",
                "/v1/contacts/external:mallory",
                json(Map.of(
                        "externalId", "mallory",
                        "email", "mallory@example.com",
                        "lastName", "Mallory",
                        "firstName",
                                "X\r\nBcc: evil@example.com\r\n\r\n<script>alert(1)</script>{{ contact.email }}")));
        if (app.request("GET", "/v1/contacts/external:mallory").status() == 404) {
            return;
        }
        Shop.await("the mail is there", () -> !mailbox.mails().isEmpty());

        assertThat(mailbox.mails()).extracting(Mailbox.Mail::to).containsExactly("mallory@example.com");
        var mail = mailbox.mails().getFirst();
        assertThat(mail.header("Bcc")).isEmpty();
        var raw = new java.io.ByteArrayOutputStream();
        mail.message().writeTo(raw);
        var text = raw.toString(StandardCharsets.UTF_8).replace("=\r\n", "");
        assertThat(text.substring(text.indexOf("text/html")))
                .doesNotContain("<script>")
                .contains("{{ contact.email }}");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
