package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.segments.SegmentParts;
import sojourn.testing.App;

/** What uses a segment, and how, is one list: for those who ask, and for those who want to stop or delete it. */
class SegmentRelationsTest {

    private static final String JOURNEY = """
            {"name": "Great journey", "audience": {"segments": ["KEY-a"], "exclude": ["KEY-b", "KEY-a2"]},
             "suppressionSegment": "KEY-c",
             "exit": {"segments": [{"joins": "KEY-d"}, {"leaves": "KEY-a"}]},
             "start": "hold", "tiles": {
               "hold": {"type": "ifThen", "timeLimit": "P30D", "otherwise": null, "branches": [
                 {"name": "in", "when": [{"segment": "KEY-e", "is": "member"}], "next": "who"}]},
               "who": {"type": "attributeBranch", "otherwise": null, "branches": [
                 {"name": "vip", "when": "firstName == 'SEGMENT(KEY-b)' AND NOT segment ( KEY-f )", "next": "in"}]},
               "in": {"type": "addToSegment", "segment": "KEY-g", "next": "out"},
               "out": {"type": "removeFromSegment", "segment": "KEY-h", "next": "rest"},
               "rest": {"type": "waitFor", "duration": "P30D", "next": null}}}""";

    @RegisterExtension
    static final App app = new App();

    private String key = "";

    @BeforeEach
    void goLive() {
        key = "k" + UUID.randomUUID().toString().replace("-", "");
        for (var name : List.of("a", "a2", "b", "c", "d", "e", "f", "g", "h")) {
            app.request("POST", "/v1/segments", Map.of("key", key + "-" + name, "kind", "static", "name", "N " + name))
                    .expect(201);
        }
        app.request(
                        "POST",
                        "/v1/journeys",
                        "{\"key\": \"" + key + "\", \"document\": " + JOURNEY.replace("KEY", key) + "}")
                .expect(201);
    }

    private JsonNode related(String name) {
        return app.request("GET", "/v1/segments/" + key + "-" + name + "/related")
                .expect(200)
                .json();
    }

    private static List<String> uses(JsonNode related) {
        return StreamSupport.stream(related.path("usedBy").spliterator(), false)
                .map(use -> use.path("kind").asText() + " " + use.path("role").asText())
                .toList();
    }

    @Test
    void a_live_journey_tells_in_which_ways_it_uses_a_segment() {
        assertThat(uses(related("a"))).isEmpty();
        app.request("POST", "/v1/journeys/" + key + "/go-live").expect(202);

        assertThat(uses(related("a"))).containsExactly("journey audience", "journey exit");
        assertThat(uses(related("a2"))).containsExactly("journey exclusion");
        assertThat(uses(related("b"))).containsExactly("journey exclusion");
        assertThat(uses(related("c"))).containsExactly("journey suppression");
        assertThat(uses(related("d"))).containsExactly("journey exit");
        assertThat(uses(related("e"))).containsExactly("journey branch");
        assertThat(uses(related("f"))).containsExactly("journey condition");
        assertThat(uses(related("g"))).containsExactly("journey members");
        assertThat(uses(related("h"))).containsExactly("journey members");
        assertThat(related("c").path("usedBy").get(0).toString())
                .isEqualTo("{\"kind\":\"journey\",\"key\":\"" + key
                        + "\",\"name\":\"Great journey\",\"role\":\"suppression\"}");
        var refused = app.request("POST", "/v1/segments/" + key + "-a/stop")
                .expect(409)
                .json();
        assertThat(refused.path("type").asText()).endsWith("in-use");
        assertThat(refused.path("detail").asText()).contains("journey " + key + " (audience, exit)");
    }

    @Test
    void a_journey_does_not_go_live_with_a_segment_that_is_being_stopped() throws Exception {
        var going = app.jdbi().inTransaction(handle -> {
            SegmentParts.hold(handle);
            handle.execute("update segment set state = 'stopped', stopped_at = now() where key = ?", key + "-a");
            var answer = CompletableFuture.supplyAsync(() -> app.request("POST", "/v1/journeys/" + key + "/go-live"));
            while (waitingForSegments() == 0) {
                Thread.sleep(20);
            }
            return answer;
        });

        assertThat(going.get(30, TimeUnit.SECONDS).expect(422).body()).contains(key + "-a");
    }

    private static int waitingForSegments() {
        return app.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                        select count(*) from pg_locks
                        where locktype = 'advisory' and classid = 5304 and not granted
                          and database = (select oid from pg_database where datname = current_database())
                        """).mapTo(Integer.class).one());
    }

    @Test
    void segments_that_build_on_it_use_it_and_what_it_builds_on_is_told() throws Exception {
        app.request(
                        "POST",
                        "/v1/interaction-types",
                        Map.of("key", "Bought" + key, "properties", Map.of("amount", "number")))
                .expect(201);
        var query = "SEGMENT(" + key + "-a) EXCEPT INTERACTION(Bought" + key + ").FILTER(amount > 3)"
                + " EXCEPT PROFILE(contact).FILTER(address.city == 'Rome')";
        var top = key + "-top";
        app.request("POST", "/v1/segments", Map.of("key", top, "name", "Top", "query", query))
                .expect(201);
        assertThat(uses(related("a"))).as("a draft is not evaluated").isEmpty();
        app.request("POST", "/v1/segments/" + top + "/go-live").expect(202);
        awaitLive(top);
        var etag = app.request("POST", "/v1/segments/" + top + "/edit").header("ETag");
        app.admin()
                .with("If-Match", etag)
                .request(
                        "PUT", "/v1/segments/" + top, Map.of("query", "SEGMENT(" + key + "-b) EXCEPT INTERACTION(ANY)"))
                .expect(200);

        assertThat(uses(related("a"))).containsExactly("segment query");
        assertThat(uses(related("b"))).containsExactly("segment edit");
        var built = related("top").path("buildsOn");
        assertThat(built.path("segments").findValuesAsText("key")).containsExactly(key + "-a", key + "-b");
        assertThat(built.at("/segments/0/state").asText()).isEqualTo("live");
        assertThat(built.path("interactionTypes").toString()).isEqualTo("[\"ANY\",\"Bought" + key + "\"]");
        assertThat(built.path("attributes").toString()).isEqualTo("[\"address.city\"]");
        var refused =
                app.request("DELETE", "/v1/segments/" + key + "-a").expect(409).json();
        assertThat(refused.path("detail").asText()).contains("segment " + top + " (query)");
    }

    private static void awaitLive(String segment) throws InterruptedException {
        for (var looks = 0; looks < 400; looks++) {
            if (app.request("GET", "/v1/segments/" + segment)
                    .json()
                    .path("state")
                    .asText()
                    .equals("live")) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("does not go live");
    }
}
