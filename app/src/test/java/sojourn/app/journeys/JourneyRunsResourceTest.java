package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** Many runs helped over HTTP, and what is told of it. */
class JourneyRunsResourceTest {

    @RegisterExtension
    static final App app = new App();

    private static final String JOURNEY = "/v1/journeys/invite";
    private static final String SKIP = JOURNEY + "/runs/skip-wait";

    @BeforeAll
    static void goLive() {
        var wait = "{\"type\": \"waitFor\", \"duration\": \"P5D\", \"next\": %s}";
        app.request("POST", "/v1/journeys", """
                {"key": "invite", "document": {"name": "Invite", "audience": {"segments": ["guests"]}, "start": "wait",
                 "tiles": {"wait": %s, "hold": %s, "last": %s}}}
                """.formatted(
                                wait.formatted("\"hold\""), wait.formatted("\"last\""), wait.formatted("null")))
                .expect(201);
        app.request("POST", "/v1/segments", Map.of("key", "guests", "name", "Guests", "kind", "static"))
                .expect(201);
        app.request("POST", "/v1/segments", Map.of("key", "vip", "name", "Vip", "kind", "static"))
                .expect(201);
        app.request("POST", JOURNEY + "/go-live", Map.of("reason", "the season begins"))
                .expect(202);
        for (var contact : List.of("ada", "bob", "eva")) {
            app.request("PUT", "/v1/contacts/external:" + contact, "{}").expect(201);
            app.request("POST", JOURNEY + "/enter", Map.of("contact", "external:" + contact))
                    .expect(201);
        }
        app.request("POST", "/v1/segments/vip/members", Map.of("add", List.of("external:ada", "external:bob")))
                .expect(200);
        Eventually.holds(() -> items("?tile=wait&status=active").size() == 3);
    }

    private static List<JsonNode> items(String query) {
        return list(JOURNEY + "/runs" + query);
    }

    private static List<JsonNode> list(String path) {
        return StreamSupport.stream(
                        app.request("GET", path)
                                .expect(200)
                                .json()
                                .path("items")
                                .spliterator(),
                        false)
                .toList();
    }

    private static List<String> codes(String path, Object body) {
        var codes = new ArrayList<String>();
        app.request("POST", path, body)
                .expect(422)
                .json()
                .path("errors")
                .forEach(error -> codes.add(error.path("pointer").asText() + " "
                        + error.path("code").asText()));
        return codes;
    }

    @Test
    void runs_are_counted_confirmed_helped_and_accounted_for() {
        var vips = Map.of("segment", "vip", "tile", "wait", "version", 1);
        assertThat(app.request("POST", SKIP, Map.of("where", vips, "dryRun", true))
                        .expect(200)
                        .json()
                        .path("matching")
                        .asLong())
                .isEqualTo(2);
        assertThat(codes(SKIP, Map.of("where", vips))).containsExactly("/expected not-confirmed");
        assertThat(codes(SKIP, Map.of("where", vips, "expected", 1))).containsExactly("/expected more-than-expected");

        var body = Map.of("where", vips, "expected", 2, "reason", "they have answered");
        var accepted = app.admin()
                .with("Idempotency-Key", "once")
                .request("POST", SKIP, body)
                .expect(202);
        var again = app.admin()
                .with("Idempotency-Key", "once")
                .request("POST", SKIP, body)
                .expect(202);
        var job = accepted.header("Location");
        assertThat(again.header("Location")).isEqualTo(job);
        Eventually.holds(() -> !app.request("GET", job).json().path("endedAt").isNull());

        var ended = app.request("GET", job).json();
        assertThat(ended.path("state").asText()).isEqualTo("succeeded");
        assertThat(ended.path("kind").asText()).isEqualTo("runs-skip-wait");
        assertThat(ended.path("total").asLong()).isEqualTo(2);
        assertThat(ended.at("/result/done").asLong()).isEqualTo(2);
        var results = JOURNEY + "/interventions/" + accepted.json().path("id").asText();
        assertThat(list(results))
                .extracting(each -> each.path("externalId").asText())
                .containsExactly("ada", "bob");
        assertThat(list(results + "?result=skipped")).isEmpty();
        var page = app.request("GET", results + "?limit=1").json();
        assertThat(list(results + "?cursor=" + page.path("next").asText()))
                .extracting(each -> each.path("externalId").asText())
                .containsExactly("bob");
        app.request("GET", "/v1/journeys/invite/interventions/0193a7c2-5b7e-7cc0-9d52-0242ac120002")
                .expect(404);
        assertThat(items("?tile=hold&segment=vip")).hasSize(2);
        assertThat(items("?tile=wait")).hasSize(1);

        var ada = items("?contact=external:ada").getFirst().path("id").asText();
        app.request("POST", "/v1/runs/" + ada + "/move", Map.of("tile", "last", "reason", "she asked for it"))
                .expect(200);
        var entries = list("/v1/audit?kind=run&thing=" + ada);
        assertThat(entries)
                .extracting(each ->
                        each.path("action").asText() + " " + each.path("reason").asText())
                .containsExactly("moved she asked for it", "wait-skipped they have answered", "entered null");
        assertThat(entries.getFirst().at("/details/tile").asText()).isEqualTo("last");
        assertThat(entries.get(1).at("/details/job").asText())
                .isEqualTo(accepted.json().path("id").asText());
        app.request("DELETE", "/v1/contacts/external:ada").expect(204);
        assertThat(list("/v1/audit?kind=run&thing=" + ada))
                .as("reasons go with whom they were about")
                .hasSize(3)
                .allMatch(each -> each.path("reason").isNull());
        assertThat(list(JOURNEY + "/milestones"))
                .extracting(each ->
                        each.path("what").asText() + " " + each.path("reason").asText())
                .containsExactly("live the season begins", "created null");
    }

    @Test
    void the_runs_of_a_contact_are_listed_over_journeys_the_newest_first() {
        app.request("PUT", "/v1/contacts/external:old", "{}").expect(201);
        app.request("PUT", "/v1/contacts/external:new", "{}").expect(201);
        app.request("POST", "/v1/journeys", """
                {"key": "second", "document": {"audience": {"segments": ["guests"]}, "start": "end", "tiles": {"end": {"type": "end"}}}}
                """).expect(201);
        app.request("POST", "/v1/journeys/second/go-live").expect(202);
        app.request("POST", "/v1/journeys/second/enter", Map.of("contact", "external:old"))
                .expect(201);
        app.request("POST", JOURNEY + "/enter", Map.of("contact", "external:new"))
                .expect(201);
        app.request("POST", "/v1/journeys/second/enter", Map.of("contact", "external:new"))
                .expect(201);
        app.request("POST", "/v1/contacts/external:new/merge", Map.of("loser", "external:old"))
                .expect(200);
        var runs = "/v1/contacts/external:new/runs";
        Eventually.holds(() -> list(runs + "?status=completed").size() == 2);

        assertThat(list(runs))
                .extracting(run -> run.path("journey").asText())
                .containsExactly("second", "invite", "second");
        var page = app.request("GET", runs + "?limit=2").expect(200).json();
        assertThat(page.path("items")).hasSize(2);
        assertThat(list(runs + "?limit=2&cursor=" + page.path("next").asText()))
                .extracting(run ->
                        run.path("externalId").asText() + run.path("path").size())
                .containsExactly(list(runs).getLast().path("externalId").asText() + 1);
        assertThat(list("/v1/contacts/external:bob/runs")).hasSize(1);
        app.request("GET", "/v1/contacts/external:nobody/runs").expect(404);
        app.request("GET", runs + "?cursor=x").expect(422);
    }

    @Test
    void what_does_not_fit_is_said_all_at_once() {
        var nobody = "0193a7c2-5b7e-7cc0-9d52-0242ac120002";
        assertThat(codes(
                        JOURNEY + "/runs/move",
                        Map.of(
                                "tile",
                                "lasst",
                                "where",
                                Map.of(
                                        "segment",
                                        "nobody",
                                        "status",
                                        "completed",
                                        "runs",
                                        List.of(nobody),
                                        "enteredAfter",
                                        "2026-02-01T00:00:00Z",
                                        "enteredBefore",
                                        "2026-01-01T00:00:00Z"))))
                .containsExactly(
                        "/where/enteredBefore runs-backward",
                        "/where/segment unknown-segment",
                        "/where/status wrong-status",
                        "/tile unknown-tile",
                        "/where/runs unknown-run");
        assertThat(codes(JOURNEY + "/runs/retry", Map.of("where", Map.of(), "expected", 9)))
                .containsExactly("/where nothing-fits");
        assertThat(codes(SKIP, Map.of("expected", 9))).hasSize(1);
        assertThat(codes(SKIP, Map.of("where", Map.of("tiel", "wait")))).hasSize(1);
        assertThat(codes(SKIP, Map.of("where", Map.of("runs", List.of())))).hasSize(1);
        app.request("POST", "/v1/journeys/nothing/runs/stop", Map.of("where", Map.of()))
                .expect(404);
        app.request("GET", JOURNEY + "/runs?enteredAfter=today&segment=nobody").expect(422);
        app.request("POST", JOURNEY + "/pause", Map.of("reason", "x".repeat(1001)))
                .expect(422);
    }
}
