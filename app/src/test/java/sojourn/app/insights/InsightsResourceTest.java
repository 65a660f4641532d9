package sojourn.app.insights;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sojourn.app.platform.Json;
import sojourn.testing.App;

class InsightsResourceTest {

    private static final String DOCUMENT = """
            {"start": "remind", "tiles": {
               "remind": {"type": "email", "message": "hello", "next": "opened"},
               "opened": {"type": "ifThen", "branches": [{"name": "yes", "when": [], "next": null}], "otherwise": null}}}
            """;

    @RegisterExtension
    static final App app = new App();

    @BeforeAll
    static void journeys() {
        app.jdbi().useHandle(handle -> {
            handle.execute("""
                    insert into journey (key, state, draft, created_at, created_by, updated_at, updated_by)
                    values ('unborn', 'draft', ?::jsonb, now(), 'test', now(), 'test')
                    """, DOCUMENT);
            handle.execute("""
                    insert into journey (key, state, live_version, created_at, created_by, updated_at, updated_by)
                    values ('stopped', 'stopped', 1, now(), 'test', now(), 'test')
                    """);
            handle.execute("""
                    insert into journey_version (journey_id, version, document, listens, segments, live_at, live_by)
                    select id, 1, ?::jsonb, '{}', '{}', now(), 'test' from journey where key = 'stopped'
                    """, DOCUMENT);
        });
    }

    @Test
    void a_journey_that_was_never_live_has_zeros_in_the_shape_of_the_contract() throws Exception {
        var answer = app.request("GET", "/v1/journeys/unborn/insights");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json()).isEqualTo(Json.mapper().readTree("""
                {"entered": 0, "inProgress": 0, "completed": 0, "stopped": {"total": 0, "byReason": {}}, "failed": 0,
                 "goal": {"reached": 0, "rate": 0},
                 "tiles": {
                   "remind": {"type": "email", "inflow": 0, "processing": 0, "processed": 0, "stopped": 0, "expired": 0,
                              "failed": 0, "sent": 0, "unconfirmed": 0, "delivered": 0,
                              "blocked": {"total": 0, "byReason": {}}, "bounces": {"hard": 0, "soft": 0, "block": 0},
                              "unsubscribed": 0, "complained": 0, "opens": {"unique": 0, "total": 0},
                              "clicks": {"unique": 0, "total": 0}},
                   "opened": {"type": "ifThen", "inflow": 0, "processing": 0, "processed": 0, "stopped": 0,
                              "expired": 0, "failed": 0, "branches": {"yes": 0, "no": 0}}}}
                """));
        assertThat(app.request("GET", "/v1/journeys/unborn/insights/incomplete?kind=stopped")
                        .json()
                        .path("items"))
                .isEmpty();
        assertThat(app.request("POST", "/v1/journeys/unborn/insights/save-as-segment", wish("s0", "snapshot"))
                        .status())
                .isEqualTo(409);
    }

    @Test
    void what_the_goal_was_worth_is_summed_over_the_runs_that_are_asked_for() {
        app.jdbi().useHandle(handle -> {
            handle.execute("""
                    insert into journey (key, state, live_version, created_at, created_by, updated_at, updated_by)
                    values ('worth', 'live', 1, now(), 'test', now(), 'test')
                    """);
            handle.execute("""
                    insert into journey_version (journey_id, version, document, listens, segments, live_at, live_by)
                    select id, 1, '{"goal": {"interaction": {"type": "Purchase"}, "value": "amount"}, "start": "a", "tiles": {}}',
                           '{}', '{}', now(), 'test'
                    from journey where key = 'worth'
                    """);
            handle.execute("""
                    insert into run (contact_id, journey_id, version, run_no, status, entered_at, entered_by, ended_at, goal_at, goal_value)
                    select n, id, 1, 1, 'completed', timestamptz '2026-11-01' + n * interval '1 day', 'api', now(), now(),
                           case when n < 4 then n * 10.25 end
                    from journey, generate_series(1, 5) n where key = 'worth'
                    """);
        });

        assertThat(goal("").path("reached").intValue()).isEqualTo(5);
        assertThat(goal("").path("value").decimalValue()).isEqualByComparingTo("61.50");
        assertThat(goal("?from=2026-11-03T00:00:00Z&to=2026-11-04T00:00:00Z")
                        .path("value")
                        .decimalValue())
                .isEqualByComparingTo("20.50");
        assertThat(goal("?from=2026-11-06T00:00:00Z").path("value").decimalValue())
                .isZero();
    }

    private static JsonNode goal(String range) {
        return app.request("GET", "/v1/journeys/worth/insights" + range)
                .expect(200)
                .json()
                .path("goal");
    }

    @Test
    void one_tile_has_its_links_and_an_unknown_one_is_not_found() {
        var tile = app.request("GET", "/v1/journeys/stopped/insights/tiles/remind?contacts=true&version=1");

        assertThat(tile.status()).isEqualTo(200);
        assertThat(tile.json().path("links").isObject()).isTrue();
        assertThat(app.request("GET", "/v1/journeys/stopped/insights/tiles/nowhere")
                        .status())
                .isEqualTo(404);
        assertThat(app.request("GET", "/v1/journeys/nowhere/insights").status()).isEqualTo(404);
    }

    @Test
    void a_saved_figure_is_a_segment_like_any_other() {
        var answer = app.request("POST", "/v1/journeys/stopped/insights/save-as-segment", wish("s1", "dynamic"));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.json())
                .isEqualTo(app.request("GET", "/v1/segments/s1").json());
        assertThat(answer.json().path("query").asText())
                .isEqualTo("INTERACTION(JourneyEntered).FILTER(journey == 'stopped')");
        assertThat(app.request("POST", "/v1/journeys/stopped/insights/save-as-segment", wish("s1", "snapshot"))
                        .status())
                .isEqualTo(409);
        assertThat(app.request("POST", "/v1/journeys/stopped/insights/save-as-segment", wish("s2", "snapshot"))
                        .json()
                        .path("state")
                        .asText())
                .isEqualTo("live");
    }

    @Test
    void what_cannot_be_asked_is_a_problem() {
        assertThat(app.request("GET", "/v1/journeys/stopped/insights?from=yesterday")
                        .status())
                .isEqualTo(422);
        assertThat(app.request("GET", "/v1/journeys/stopped/insights/incomplete?kind=lost")
                        .status())
                .isEqualTo(422);
        assertThat(app.request("POST", "/v1/journeys/stopped/insights/save-as-segment", Map.of("key", "s3"))
                        .status())
                .isEqualTo(422);
    }

    @ParameterizedTest
    @CsvSource({
        "from=%2B999999999-12-31T00:00:00Z, /from invalid-instant",
        "to=-999999999-01-01T00:00:00Z, /to invalid-instant",
        "from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z, /to runs-backward",
        "version=9, /version unknown-version"
    })
    void a_range_that_nothing_can_be_in_is_a_problem(String query, String problem) {
        for (var path : List.of("insights", "insights/tiles/remind")) {
            var error = app.request("GET", "/v1/journeys/stopped/" + path + "?" + query)
                    .expect(422)
                    .json()
                    .at("/errors/0");

            assertThat(error.path("pointer").asText() + " " + error.path("code").asText())
                    .isEqualTo(problem);
        }
    }

    @Test
    void a_figure_of_an_impossible_instant_is_not_saved() {
        var metric = "{\"of\": \"stopped\", \"from\": \"+999999999-12-31T00:00:00Z\"}";
        var wish = "{\"key\": \"never\", \"name\": \"n\", \"kind\": \"snapshot\", \"metric\": " + metric + "}";

        var answer = app.request("POST", "/v1/journeys/stopped/insights/save-as-segment", wish);

        assertThat(answer.expect(422).json().at("/errors/0/pointer").asText()).isEqualTo("/metric/from");
    }

    @Test
    void every_figure_is_explained() {
        var definitions = app.request("GET", "/v1/insights/definitions").json().path("items");

        assertThat(definitions.findValuesAsText("figure")).containsAll(Figure.words());
    }

    private static Map<String, Object> wish(String key, String kind) {
        return Map.of("key", key, "kind", kind, "metric", Map.of("of", "entered"));
    }
}
