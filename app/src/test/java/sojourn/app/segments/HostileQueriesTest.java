package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sojourn.testing.Answer;
import sojourn.testing.App;

/** Whatever is sent as a query, the answer comes soon, and is either right or says what is wrong and where. */
class HostileQueriesTest {

    private static final String ANYBODY = "PROFILE(contact)";

    @RegisterExtension
    static final App app = new App();

    @BeforeAll
    static void declareAge() {
        app.request("PATCH", "/v1/profile-types/contact", Map.of("attributes", Map.of("age", "number")))
                .expect(200);
        app.request("PUT", "/v1/contacts/external:1", Map.of("attributes", Map.of("age", 5)))
                .expect(201);
    }

    private static String times(int times, String part, String between) {
        return IntStream.range(0, times).mapToObj(_ -> part).collect(Collectors.joining(between));
    }

    private static String filter(String condition) {
        return ANYBODY + ".FILTER(" + condition + ")";
    }

    record Hostile(String code, String query) {

        @Override
        public String toString() {
            return code + " " + query.length() + " " + query.substring(0, Math.min(40, query.length()));
        }
    }

    static List<Hostile> refused() {
        return List.of(
                new Hostile("too-long", times(60_000, ANYBODY, " UNION ")),
                new Hostile("too-long", " ".repeat(1_000_000)),
                new Hostile("too-large", ANYBODY + times(5_500, ".FILTER(age>1)", "")),
                new Hostile("too-large", filter("age IN (" + times(10_000, "1", ", ") + ")")),
                new Hostile("too-deep", "(".repeat(5_000) + ANYBODY + ")".repeat(5_000)),
                new Hostile("too-deep", "(".repeat(90_000)),
                new Hostile("too-deep", filter("(".repeat(5_000) + "age > 1" + ")".repeat(5_000))),
                new Hostile("too-deep", filter("!".repeat(5_000) + "(age > 1)")),
                new Hostile("too-deep", filter("age > " + "- ".repeat(5_000) + "1")),
                new Hostile("too-deep", times(3_000, ANYBODY + ".UNION(", "") + ANYBODY + ")".repeat(3_000)),
                new Hostile("unexpected", ")".repeat(50_000)),
                new Hostile("unknown-attribute", filter(times(9_000, "b > 1", "||"))),
                new Hostile("unterminated-text", filter("firstName == '" + "x".repeat(90_000))),
                new Hostile("", "/*".repeat(40_000)),
                new Hostile(
                        "too-long-path",
                        ANYBODY + times(100, ".TRAVERSE(contact_account).TRAVERSE(contact_account)", "")),
                new Hostile(
                        "too-long-path",
                        "PROFILE(account).TRAVERSE(contact_account)"
                                + times(5, ".TRAVERSE(contact_account).TRAVERSE(contact_account)", "")));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void what_is_too_much_is_refused_soon_with_its_place(Hostile hostile) {
        for (var question : List.of("parse", "estimate")) {
            var answer = ask(question, hostile.query());

            assertThat(answer.status()).as(answer.body()).isEqualTo(422);
            assertThat(answer.took()).isLessThan(Answer.SOON);
            var first = answer.json().at("/errors/0");
            assertThat(first.path("code").asText()).contains(hostile.code());
            assertThat(first.path("line").asInt()).isPositive();
            assertThat(first.path("column").asInt()).isPositive();
            assertThat(answer.json().path("errors").size()).isLessThanOrEqualTo(100);
        }
    }

    static List<String> large() {
        return List.of(
                ANYBODY + times(1_000, ".FILTER(age > 1)", ""),
                filter(times(1_600, "age > 1", " || ")),
                times(1_000, ANYBODY, " UNION "),
                "(".repeat(90) + ANYBODY + ")".repeat(90),
                filter("!(".repeat(45) + "age > 1" + ")".repeat(45)),
                "PROFILE(account)" + times(4, ".TRAVERSE(contact_account).TRAVERSE(contact_account)", "")
                        + ".TRAVERSE(contact_account) UNION " + ANYBODY,
                "INTERACTION(WebsiteVisited)" + times(300, ".HAVING(COUNT() == 0)", ""));
    }

    @ParameterizedTest
    @MethodSource("large")
    void what_is_large_and_not_too_much_works(String query) {
        for (var question : List.of("parse", "estimate")) {
            var answer = ask(question, query);

            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.took()).as(question).isLessThan(Answer.SOON);
        }
        var flow = ask("flow", query);
        assertThat(flow.status()).as(flow.body()).isIn(200, 422);
        assertThat(flow.took()).isLessThan(Answer.SOON);
    }

    @Test
    void what_is_no_text_is_refused() {
        for (var escape : List.of("\\u0000", "\\ud800", "\\udc00", "\\udc00\\ud800")) {
            var query = "{\"query\": \"PROFILE(contact).FILTER(firstName == '" + escape + "')\"}";
            var answer = app.request("POST", "/v1/segments/parse", query).expect(422);

            assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo("/query");
        }
    }

    private static Answer ask(String question, String query) {
        return app.request("POST", "/v1/segments/" + question, Map.of("query", query));
    }
}
