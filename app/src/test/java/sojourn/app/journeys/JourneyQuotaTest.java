package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Answer;
import sojourn.testing.App;

/** What journeys have evaluated beside live segments takes places of the same quota. */
class JourneyQuotaTest {

    private static final String COMBINED = "{\"segments\": [\"a\", \"b\"]}";
    private static final String SIMPLE = "{\"segments\": [\"a\"], \"exclude\": [\"b\", \"c\"]}";
    private static final String REST = "\"rest\": {\"type\": \"waitFor\", \"duration\": \"P30D\", \"next\": null}";

    /** Two conditions over several segments, one of them twice; and two over one segment each. */
    private static final String BRANCHES = """
            "hold": {"type": "ifThen", "timeLimit": "P30D", "otherwise": "again", "branches": [
              {"name": "in", "when": [{"segment": "a", "is": "member"}, {"segment": "b", "is": "member"}], "next": "who"},
              {"name": "one", "when": [{"segment": "c", "is": "member"}], "next": "who"}]},
            "again": {"type": "ifThen", "timeLimit": "P30D", "otherwise": "who", "branches": [
              {"name": "in", "when": [{"segment": "b", "is": "member"}, {"segment": "a", "is": "member"}], "next": "who"}]},
            "who": {"type": "attributeBranch", "otherwise": "rest", "branches": [
              {"name": "vip", "when": "SEGMENT(a) && !SEGMENT(c)", "next": "rest"},
              {"name": "plain", "when": "SEGMENT(a) || firstName == 'Ada'", "next": "rest"}]},
            """;

    @RegisterExtension
    static final App app = new App().with("segments.quota", "4");

    @BeforeAll
    static void segments() {
        for (var key : List.of("a", "b", "c")) {
            app.request("POST", "/v1/segments", Map.of("key", key, "kind", "static"))
                    .expect(201);
        }
    }

    private static void journey(String key, String audience, String start, String tiles) {
        app.request("POST", "/v1/journeys", """
                        {"key": "%s", "document": {"name": "The %s", "audience": %s, "start": "%s", "tiles": {%s %s}}}
                        """.formatted(key, key, audience, start, tiles, REST))
                .expect(201);
    }

    private static Answer goLive(String key) {
        return app.request("POST", "/v1/journeys/" + key + "/go-live");
    }

    private static JsonNode usage() {
        return app.request("GET", "/v1/segments/quota").expect(200).json();
    }

    @Test
    void system_segments_of_live_journeys_take_places() {
        journey("simple", SIMPLE, "rest", "");
        journey("branching", COMBINED, "hold", BRANCHES);
        journey("second", COMBINED, "hold", BRANCHES);

        goLive("simple").expect(202);
        assertThat(usage().path("used").asInt()).isZero();
        goLive("branching").expect(202);
        assertThat(usage().path("used").asInt()).isEqualTo(3);
        assertThat(usage().at("/by/0").toString())
                .isEqualTo("{\"kind\":\"journey\",\"key\":\"branching\",\"name\":\"The branching\"}");

        var refused = goLive("second").expect(409).json();
        assertThat(refused.path("type").asText()).endsWith("quota-exceeded");
        assertThat(refused.path("detail").asText()).contains("Of the 4 places", "3 are taken", "take 3 more");
        app.request("POST", "/v1/segments", Map.of("key", "d", "query", "PROFILE(contact)"))
                .expect(201);
        app.request("POST", "/v1/segments/d/go-live").expect(202);
        app.request("POST", "/v1/segments", Map.of("key", "e", "query", "PROFILE(contact)"))
                .expect(201);
        app.request("POST", "/v1/segments/e/go-live").expect(409);

        var etag = app.request("GET", "/v1/journeys/branching").header("ETag");
        app.admin()
                .with("If-Match", etag)
                .request("PUT", "/v1/journeys/branching", """
                        {"document": {"name": "The branching", "audience": %s, "start": "rest", "tiles": {%s}}}
                        """.formatted(COMBINED, REST))
                .expect(200);
        goLive("branching").expect(202);
        assertThat(usage().path("used").asInt())
                .as("1 of the journey, 1 of the segment")
                .isEqualTo(2);

        app.request("POST", "/v1/journeys/branching/stop").expect(202);
        assertThat(usage().path("used").asInt()).isEqualTo(1);
        goLive("second").expect(202);
        assertThat(usage().path("used").asInt()).isEqualTo(4);

        app.request("POST", "/v1/journeys/second/pause").expect(200);
        assertThat(usage().path("used").asInt()).as("paused ones count").isEqualTo(4);
        app.request("POST", "/v1/segments/e/go-live").expect(409);
    }
}
