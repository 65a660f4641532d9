package sojourn.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sojourn.app.platform.Json;
import sojourn.testing.Answer;
import sojourn.testing.App;

/** What is wrong, huge, deep, oddly encoded or hostile is refused with a problem, soon, and nothing breaks. */
class HostileInputTest {

    private static final String NDJSON = "application/x-ndjson";

    @RegisterExtension
    static final App app = new App();

    @BeforeAll
    static void define() {
        app.request("POST", "/v1/interaction-types", """
                {"key": "Purchase", "properties": {"amount": "number", "note": "text", "on": "date"}}
                """).expect(201);
        app.request("PATCH", "/v1/profile-types/contact", """
                {"attributes": {"age": {"type": "number"}, "born": {"type": "date"}}}
                """).expect(200);
        app.request("PUT", "/v1/contacts/external:ada", """
                {"externalId": "ada", "email": "ada@example.com"}
                """).expect(201);
    }

    static Stream<Named<String>> queries() {
        return texts(Map.ofEntries(
                Map.entry("nothing", ""),
                Map.entry("spaces", " \n\t"),
                Map.entry("deep parentheses", "(".repeat(100_000) + "PROFILE(contact)" + ")".repeat(100_000)),
                Map.entry("open parentheses", "(".repeat(500_000)),
                Map.entry("a long union", "PROFILE(contact) UNION ".repeat(50_000) + "PROFILE(contact)"),
                Map.entry("deep nots", "PROFILE(contact).FILTER(" + "NOT ".repeat(100_000) + "age == 1)"),
                Map.entry("many ors", "PROFILE(contact).FILTER(age == 1" + " OR age == 1".repeat(100_000) + ")"),
                Map.entry("a huge number", "PROFILE(contact).FILTER(age == 1e999999999)"),
                Map.entry("a tiny number", "PROFILE(contact).FILTER(age == 1e-999999999)"),
                Map.entry("many digits", "PROFILE(contact).FILTER(age == " + "9".repeat(500_000) + ")"),
                Map.entry("a huge sum", "INTERACTION(Purchase).HAVING(SUM(amount) > 1e999999999)"),
                Map.entry("a huge window", "INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(999999999999999999999))"),
                Map.entry("ages ago", "INTERACTION(Purchase).HAVING(COUNT() > 0, MONTHS(2147483647))"),
                Map.entry("no window", "INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(-1))"),
                Map.entry("year 99999", "PROFILE(contact).FILTER(born > '99999-01-01')"),
                Map.entry("year 0", "PROFILE(contact).FILTER(born > '0000-01-01')"),
                Map.entry("no such day", "PROFILE(contact).FILTER(born == '2026-02-30')"),
                Map.entry("open quote", "PROFILE(contact).FILTER(firstName == 'a"),
                Map.entry("NUL", "PROFILE(contact).FILTER(firstName == 'a\0b')"),
                Map.entry("lone surrogate", "PROFILE(contact).FILTER(firstName == 'a\ud800')"),
                Map.entry("SQL", "'; drop table contact; --"),
                Map.entry("SQL in a name", "PROFILE(contact; drop table contact)"),
                Map.entry("one long word", "x".repeat(1_000_000)),
                Map.entry("right-to-left", "\u202ePROFILE(contact)"),
                Map.entry("only emoji", "\ud83d\udca9".repeat(1000))));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void a_query_is_refused_where_it_is_wrong(String query) {
        for (var path : List.of("/v1/segments/parse", "/v1/segments")) {
            var body = new LinkedHashMap<>(Map.of("query", query));
            if (path.endsWith("segments")) {
                body.putAll(Map.of("key", "hostile", "name", "Hostile", "kind", "dynamic"));
            }
            var answer = refused(app.request("POST", path, json(body)));
            var error = answer.json().at("/errors/0");
            assertThat(error.at("/detail").asText()).isNotBlank();
            // What no text may have is refused before anybody reads it as a query.
            if (error.at("/pointer").asText().equals("/query")
                    && !error.at("/code").asText().equals("not-text")) {
                assertThat(error.at("/line").asInt()).as(answer.body()).isPositive();
                assertThat(error.at("/column").asInt()).as(answer.body()).isPositive();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROFILE(contact).FILTER(firstName == '''; drop table contact; --')",
                "PROFILE(contact).FILTER(firstName LIKE '%\\_%' OR firstName LIKE '\\\\')",
                "PROFILE(contact).FILTER(firstName == '{{ contact }}' AND lastName == '\u202e\u0130\u1e9e')",
                "INTERACTION(Purchase).HAVING(COUNT() > 99999999999999999999)",
                "PROFILE(contact).FILTER(age > 1e300 OR age < -1e-300)"
            })
    void a_query_that_only_looks_hostile_means_what_it_says(String query) {
        var answer = soon(app.request("POST", "/v1/segments/parse", json(Map.of("query", query))));
        if (answer.status() == 200) {
            app.request(
                            "POST",
                            "/v1/segments",
                            json(Map.of("key", "odd", "name", "Odd", "kind", "dynamic", "query", query)))
                    .expect(201);
            assertThat(soon(app.request("POST", "/v1/segments/odd/estimate"))
                            .json()
                            .at("/count")
                            .asInt())
                    .isZero();
            app.request("DELETE", "/v1/segments/odd");
        } else {
            refused(answer);
        }
    }

    static Stream<Named<byte[]>> bodies() {
        return Stream.of(
                named("nothing", bytes("")),
                named("no JSON", bytes("{\"key\": ")),
                named("a word", bytes("null")),
                named("true", bytes("true")),
                named("a number", bytes("1e999999999")),
                named("a text", bytes("\"x\"")),
                named("an empty list", bytes("[]")),
                named("a list of lists", bytes("[[[]]]")),
                named("deep lists", bytes("[".repeat(200_000))),
                named("deep objects", bytes("{\"a\":".repeat(200_000))),
                named("deep and whole", bytes("{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000))),
                named("unknown fields", bytes("{\"drop table contact\": 1}")),
                named("a very long name", bytes("{\"" + "k".repeat(1_000_000) + "\": 1}")),
                named("many digits", bytes("{\"a\": " + "9".repeat(1_000_000) + "}")),
                named("not UTF-8", new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xff, (byte) 0xfe, '"', '}'}),
                named("overlong UTF-8", new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'}),
                named("UTF-16", "{\"key\": 1}".getBytes(StandardCharsets.UTF_16)),
                named("UTF-32", "{\"key\": 1}".getBytes(Charset.forName("UTF-32"))),
                named("a byte order mark", bytes("\ufeff{\"nothing\": 1}")),
                named("NUL bytes", new byte[1000]),
                named("XML", bytes("<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>")));
    }

    /** Every place that takes JSON. */
    private static final List<String> DOORS = List.of(
            "POST /v1/interaction-types",
            "PATCH /v1/interaction-types/Purchase",
            "PATCH /v1/profile-types/contact",
            "PUT /v1/contacts/external:bob",
            "PATCH /v1/contacts/external:ada",
            "PUT /v1/contacts/external:ada/consents",
            "POST /v1/interactions",
            "POST /v1/segments",
            "POST /v1/segments/parse",
            "POST /v1/messages",
            "POST /v1/journeys",
            "POST /v1/journeys/none/enter",
            "POST /v1/api-keys");

    @ParameterizedTest
    @MethodSource("bodies")
    void a_body_that_makes_no_sense_is_refused_everywhere(byte[] body) {
        for (var door : DOORS) {
            var answer = soon(app.request(
                    door.substring(0, door.indexOf(' ')),
                    door.substring(door.indexOf(' ') + 1),
                    BodyPublishers.ofByteArray(body)));
            if (answer.status() != 200) {
                refused(answer);
            } else {
                // An empty list of interactions is one, and so is a change of nothing.
                assertThat(door).as(answer.body()).containsAnyOf("/interactions", "PATCH", "PUT");
            }
        }
    }

    static Stream<Named<String>> interactions() {
        return texts(Map.ofEntries(
                Map.entry("a huge number", interaction("\"amount\": 1e999999999", "2026-11-20T10:00:00Z")),
                Map.entry("a tiny number", interaction("\"amount\": 1e-999999999", "2026-11-20T10:00:00Z")),
                Map.entry("many digits", interaction("\"amount\": " + "9".repeat(200_000), "2026-11-20T10:00:00Z")),
                Map.entry("no number", interaction("\"amount\": NaN", "2026-11-20T10:00:00Z")),
                Map.entry("NUL", interaction("\"note\": \"a\\u0000b\"", "2026-11-20T10:00:00Z")),
                Map.entry("lone surrogate", interaction("\"note\": \"a\\ud800b\"", "2026-11-20T10:00:00Z")),
                Map.entry("a date in year 10000", interaction("\"on\": \"10000-01-01\"", "2026-11-20T10:00:00Z")),
                Map.entry("a date in year 0", interaction("\"on\": \"0000-01-01\"", "2026-11-20T10:00:00Z")),
                Map.entry("ages ahead", interaction("\"amount\": 1", "+1000000000-12-31T23:59:59Z")),
                Map.entry("before all", interaction("\"amount\": 1", "-1000000000-01-01T00:00:00Z")),
                Map.entry("year 0", interaction("\"amount\": 1", "0000-01-01T00:00:00Z")),
                Map.entry("no such day", interaction("\"amount\": 1", "2026-02-30T00:00:00Z")),
                Map.entry("not a time", interaction("\"amount\": 1", "1e999999999")),
                Map.entry("twice the same name", "{\"id\": \"x\", \"id\": \"y\"}"),
                Map.entry(
                        "a long id",
                        interaction("\"amount\": 1", "2026-11-20T10:00:00Z").replace("x-1", "x".repeat(1_000_000))),
                Map.entry(
                        "a NUL id",
                        interaction("\"amount\": 1", "2026-11-20T10:00:00Z").replace("x-1", "\\u0000")),
                Map.entry(
                        "a NUL contact",
                        interaction("\"amount\": 1", "2026-11-20T10:00:00Z").replace("ada", "\\u0000")),
                Map.entry(
                        "a deep value",
                        interaction("\"amount\": " + "[".repeat(900) + "]".repeat(900), "2026-11-20T10:00:00Z"))));
    }

    @ParameterizedTest
    @MethodSource("interactions")
    void an_interaction_that_cannot_be_is_refused_alone_and_in_a_stream(String interaction) {
        refused(app.request("POST", "/v1/interactions", interaction));

        var good =
                interaction("\"amount\": 1", "2026-11-20T10:00:00Z").replace("x-1", "good-" + interaction.hashCode());
        var stream = soon(app.admin()
                .with("Content-Type", NDJSON)
                .request("POST", "/v1/interactions", interaction.strip() + "\n" + good.strip() + "\n"));
        assertThat(stream.status()).as(stream.body()).isEqualTo(200);
        assertThat(stream.json().at("/accepted").asInt()).as(stream.body()).isOne();
        assertThat(stream.json().at("/rejected/0/index").asInt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/contacts/%00",
                "/v1/contacts/external:%00",
                "/v1/contacts/external:%FF%FE",
                "/v1/contacts/external:' or 1=1 --",
                "/v1/contacts/external:..%2F..%2Fetc%2Fpasswd",
                "/v1/contacts/not-a-uuid",
                "/v1/segments/%00",
                "/v1/segments/' or '1'='1",
                "/v1/journeys/%ED%A0%80",
                "/v1/runs/00000000-0000-0000-0000-00000000000g",
                "/v1/jobs/1",
                "/v1/deliveries/'",
                "/v1/contacts?limit=-1",
                "/v1/contacts?limit=99999999999999999999",
                "/v1/contacts?cursor=%00",
                "/v1/contacts?cursor=AAAA",
                "/v1/contacts?cursor=eyJhIjoxfQ",
                "/v1/segments?cursor=' or 1=1",
                "/t/c/" + "A",
                "/t/o/%00.gif",
                "/t/u/..",
                "/v1/contacts/%"
            })
    void an_address_that_leads_nowhere_is_refused(String path) {
        refused(app.request("GET", path.replace(" ", "%20").replace("'", "%27").replaceAll("%$", "%25")));
    }

    @Test
    void headers_that_are_huge_or_make_no_sense_are_refused() {
        for (var header : List.of("If-Match", "Idempotency-Key", "Authorization", "Accept-Language", "X-Request-Id")) {
            for (var value : List.of("\"", "\"\"\"", "W/\"x\"", "x".repeat(3_000), "' or 1=1", "*")) {
                var answer = soon(app.admin()
                        .with(header, value)
                        .request("POST", "/v1/segments/parse", "{\"query\": \"PROFILE(contact)\"}"));
                assertThat(answer.status())
                        .as(header + ": " + value + ": " + answer.body())
                        .isLessThan(500);
            }
        }
        assertThat(soon(app.admin()
                                .with("Authorization", "Bearer " + "x".repeat(100_000))
                                .request("GET", "/v1/segments"))
                        .status())
                .isBetween(400, 499);
    }

    @Test
    void what_is_too_large_or_of_another_kind_is_refused() {
        refused(app.request("POST", "/v1/segments", "{\"name\": \"" + "x".repeat(11_000_000) + "\"}"))
                .expect(413);
        refused(app.admin().with("Content-Type", "text/xml").request("POST", "/v1/segments", "<x/>"))
                .expect(415);
        refused(app.admin()
                .with("Content-Type", "application/json; charset=utf-7")
                .request("POST", "/v1/segments", "+ADw-"));
        refused(app.admin().with("Accept", "image/png").request("GET", "/v1/segments"))
                .expect(406);
    }

    private static String interaction(String properties, String occurredAt) {
        return "{\"id\": \"x-1\", \"type\": \"Purchase\", \"contact\": \"external:ada\", \"occurredAt\": \""
                + occurredAt + "\", \"properties\": {" + properties + "}}";
    }

    static Answer refused(Answer answer) {
        soon(answer);
        assertThat(answer.status()).as(shortened(answer)).isBetween(400, 499);
        assertThat(answer.header("Content-Type")).as(shortened(answer)).startsWith("application/problem+json");
        assertThat(answer.json().at("/type").asText()).isNotBlank();
        assertThat(answer.json().at("/traceId").asText()).isNotBlank();
        assertThat(answer.body().length()).as("length of the answer").isLessThan(200_000);
        assertThat(answer.body()).doesNotContain("Exception", "org.postgresql", "sojourn.app", "at java.");
        return answer;
    }

    /** The answer has come, so all that is left to see is when. */
    static Answer soon(Answer answer) {
        assertThat(answer.took()).as(shortened(answer)).isLessThan(Answer.SOON);
        return answer;
    }

    private static String shortened(Answer answer) {
        return answer.status() + " "
                + answer.body().substring(0, Math.min(2_000, answer.body().length()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Stream<Named<String>> texts(Map<String, String> byName) {
        return byName.entrySet().stream().map(entry -> named(entry.getKey(), entry.getValue()));
    }

    static String json(Map<String, String> object) {
        try {
            var text = Json.mapper().writeValueAsString(object);
            return text.chars()
                    .mapToObj(unit -> unit < 128 ? Character.toString(unit) : "\\u%04x".formatted(unit))
                    .collect(Collectors.joining());
        } catch (JsonProcessingException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
