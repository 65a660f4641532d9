package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.Json;
import sojourn.app.security.Role;
import sojourn.testing.App;

/** How a test stands and naming its winner, over HTTP. */
class AbTestResourceTest {

    @RegisterExtension
    static final App app = new App();

    private static final String TEST = "/v1/journeys/tried/tiles/path/test";
    private static final String WINNER = "/v1/journeys/tried/tiles/path/winner";

    @Test
    void a_test_is_read_by_all_and_ended_by_those_who_may() throws Exception {
        var document = Json.mapper().readTree("""
                {"key": "tried", "document": {"audience": {"interaction": {"type": "FormSubmitted"}},
                 "goal": {"interaction": {"type": "WebsiteVisited"}}, "start": "path",
                 "tiles": {"path": {"type": "abTest", "metric": "goal", "end": {"after": "P3D"}, "fallback": "a",
                           "variants": [{"name": "a", "next": null}, {"name": "b", "next": "wait"}]},
                           "wait": {"type": "waitFor", "duration": "P1D", "next": null}}}}
                """);
        app.request("POST", "/v1/journeys", document.toString()).expect(201);
        app.request("GET", TEST).expect(404);
        app.request("POST", "/v1/journeys/tried/go-live").expect(202);

        var waiting = app.as(Role.VIEWER).request("GET", TEST).expect(200).json();
        assertThat(waiting.at("/state").asText()).isEqualTo("waiting");
        assertThat(waiting.at("/now/variants/1/name").asText()).isEqualTo("b");
        assertThat(waiting.has("winner")).isFalse();
        app.request("GET", "/v1/journeys/tried/tiles/wait/test").expect(404);
        app.request("GET", TEST + "?version=7").expect(404);
        app.as(Role.VIEWER).request("POST", WINNER, Map.of("variant", "b")).expect(403);
        assertThat(app.request("POST", WINNER, Map.of("variant", "c"))
                        .expect(422)
                        .body())
                .contains("unknown-variant", "/variant");
        assertThat(app.request("POST", WINNER, Map.of("variant", "", "why", "x".repeat(1001)))
                        .expect(422)
                        .body())
                .contains("/variant", "/why");

        var decided = app.as(Role.OPERATOR)
                .request("POST", WINNER, Map.of("variant", "b", "why", "We like it"))
                .expect(200)
                .json();

        assertThat(decided.at("/winner").asText()).isEqualTo("b");
        assertThat(decided.at("/decisions/0/how").asText()).isEqualTo("override");
        assertThat(decided.at("/decisions/0/why").asText()).isEqualTo("We like it");
        assertThat(decided.at("/decisions/0/by").asText()).isNotBlank();
        assertThat(app.request("GET", TEST).json()).isEqualTo(decided);
    }
}
