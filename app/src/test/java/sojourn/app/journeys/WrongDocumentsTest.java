package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sojourn.app.platform.Json;
import sojourn.testing.Answer;
import sojourn.testing.App;

/**
 * Documents of every kind of wrong, each a merge patch (RFC 7396) of a journey with all kinds of tiles, with all that is
 * said about it. What cannot be read is refused when it is written; what can be read may be drafted, does not go live, and
 * stays as it was written.
 */
class WrongDocumentsTest {

    @RegisterExtension
    static final App app = new App().with("channels.text.sender", "log").with("channels.push.sender", "log");

    private static final JsonNode CORPUS = corpus();

    /** @param patch of the sound journey */
    record Wrong(String why, JsonNode patch, List<String> problems) {
        @Override
        public String toString() {
            return why;
        }
    }

    private static JsonNode corpus() {
        try (var file = WrongDocumentsTest.class.getResourceAsStream("wrong-documents.json")) {
            return Json.mapper().readTree(Objects.requireNonNull(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Stream<Wrong> wrong() {
        return stream(CORPUS.path("wrong"))
                .map(one -> new Wrong(
                        one.path("why").asText(),
                        one.path("patch"),
                        stream(one.path("problems")).map(JsonNode::asText).toList()));
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    @BeforeAll
    static void world() {
        var contact = Map.of(
                "tier", Map.of("type", "option", "options", List.of("gold", "silver")),
                "points", "number",
                "renewal", "date",
                "pushToken", "text");
        app.request("PATCH", "/v1/profile-types/contact", Map.of("attributes", contact))
                .expect(200);
        app.request("PATCH", "/v1/profile-types/lead", Map.of("attributes", Map.of("source", "text")))
                .expect(200);
        app.request(
                        "POST",
                        "/v1/interaction-types",
                        Map.of("key", "Purchase", "properties", Map.of("amount", "number")))
                .expect(201);
        app.request(
                        "POST",
                        "/v1/interaction-types",
                        Map.of("key", "PointsGranted", "properties", Map.of("points", "number", "note", "text")))
                .expect(201);
        for (var segment : List.of("lapsed", "staff", "quiet")) {
            app.request("POST", "/v1/segments", Map.of("key", segment, "kind", "static"))
                    .expect(201);
        }
        app.request(
                        "POST",
                        "/v1/segments",
                        Map.of("key", "theirs", "kind", "static", "external", Map.of("source", "crm")))
                .expect(201);
        app.request("POST", "/v1/segments", """
                        {"key": "drafted", "kind": "dynamic", "query": "PROFILE(contact).FILTER(firstName == 'Ada')"}
                        """).expect(201);
        message(
                "we-miss-you",
                "email",
                "\"from\": \"shop@example.com\", \"subject\": \"Hello\", \"html\": \"<p>Hello</p>\"");
        message(
                "bought",
                "email",
                "\"from\": \"shop@example.com\", \"subject\": \"{{ trigger.amount }}\", \"html\": \"<p>{{ trigger.colour }}</p>\"");
        message("short", "text", "\"text\": \"Hello\"");
        message("it-is-here", "push", "\"title\": \"Here\", \"body\": \"It is here\"");
        app.request("POST", "/v1/messages", """
                        {"key": "drafted", "channel": "email", "purpose": "commercial", "subject": "Hello", "html": "<p>Hello</p>"}
                        """).expect(201);
        app.request("POST", "/v1/journeys", """
                        {"key": "onboarding", "document": {"audience": {"segments": ["lapsed"]}, "start": "wait",
                         "tiles": {"wait": {"type": "waitFor", "duration": "P1D", "next": null}}}}
                        """).expect(201);
        app.request("POST", "/v1/journeys/onboarding/go-live").expect(202);
        app.request("POST", "/v1/journeys", Map.of("key", "wrong", "document", CORPUS.path("journey")))
                .expect(201);
    }

    private static void message(String key, String channel, String content) {
        app.request("POST", "/v1/messages", """
                        {"key": "%s", "channel": "%s", "purpose": "commercial", %s}
                        """.formatted(key, channel, content))
                .expect(201);
        app.request("POST", "/v1/messages/" + key + "/go-live").expect(200);
    }

    @Test
    void the_journey_that_all_are_patches_of_has_no_errors() {
        write(CORPUS.path("journey")).expect(200);

        assertThat(errors()).isEmpty();
    }

    @Test
    void there_are_enough_of_them() {
        assertThat(wrong().map(Wrong::why).distinct()).hasSizeGreaterThan(150);
        assertThat(wrong()).allSatisfy(one -> assertThat(one.problems()).isNotEmpty());
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void all_that_is_wrong_is_said(Wrong wrong) {
        var document = patched(CORPUS.path("journey"), wrong.patch());

        var written = write(document);

        if (written.status() == 422 || written.status() == 400) {
            assertThat(told(written.json().path("errors"))).isEqualTo(wrong.problems());
        } else {
            written.expect(200);
            assertThat(errors()).isEqualTo(wrong.problems());
            assertThat(told(app.request("POST", "/v1/journeys/wrong/go-live")
                            .expect(422)
                            .json()
                            .path("errors")))
                    .isEqualTo(wrong.problems());
            assertThat(app.request("GET", "/v1/journeys/wrong")
                            .json()
                            .path("state")
                            .asText())
                    .isEqualTo("draft");
        }
    }

    private static Answer write(JsonNode document) {
        var etag = app.request("GET", "/v1/journeys/wrong").header("ETag");
        return app.admin().with("If-Match", etag).request("PUT", "/v1/journeys/wrong", Map.of("document", document));
    }

    private static List<String> errors() {
        var problems = app.request("POST", "/v1/journeys/wrong/check")
                .expect(200)
                .json()
                .path("problems");
        return stream(problems)
                .filter(problem -> problem.path("severity").asText().equals("error"))
                .map(WrongDocumentsTest::inWords)
                .toList();
    }

    private static List<String> told(JsonNode problems) {
        return stream(problems).map(WrongDocumentsTest::inWords).toList();
    }

    private static String inWords(JsonNode problem) {
        assertThat(problem.path("detail").asText()).isNotBlank();
        return problem.path("pointer").asText() + " " + problem.path("code").asText();
    }

    private static JsonNode patched(JsonNode target, JsonNode patch) {
        if (!patch.isObject()) {
            return patch;
        }
        var result = target.isObject()
                ? ((ObjectNode) target).deepCopy()
                : Json.mapper().createObjectNode();
        patch.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                result.remove(field.getKey());
            } else {
                result.set(field.getKey(), patched(result.path(field.getKey()), field.getValue()));
            }
        });
        return result;
    }
}
