package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;

/** The verbs of journeys and runs over HTTP, one after another, as a client of the documentation sends them. */
class JourneyVerbsTest {

    @RegisterExtension
    static final App app = new App();

    private static final String JOURNEY = "/v1/journeys/carts";

    private static Map<String, Object> document(String hold) {
        return Map.of(
                "key",
                "carts",
                "document",
                Map.of(
                        "audience",
                        Map.of("interaction", Map.of("type", "CartLeft", "filter", "amount > 10")),
                        "reentry",
                        Map.of("policy", "always", "bindingKey", "cart"),
                        "start",
                        hold,
                        "tiles",
                        Map.of(hold, Map.of("type", "waitFor", "duration", "P5D"))));
    }

    private static void eventually(String what, String path, String text) throws InterruptedException {
        for (var tries = 0; !app.request("GET", path).body().contains(text); tries++) {
            assertThat(tries).as(what + ": " + app.request("GET", path).body()).isLessThan(600);
            Thread.sleep(50);
        }
    }

    @Test
    void a_journey_that_an_interaction_starts_is_paused_edited_resumed_and_stopped() throws Exception {
        app.request(
                        "POST",
                        "/v1/interaction-types",
                        Map.of("key", "CartLeft", "properties", Map.of("cart", "text", "amount", "number")))
                .expect(201);
        app.request("PUT", "/v1/contacts/external:ada", "{}").expect(201);
        app.request("POST", "/v1/journeys", document("wait")).expect(201);
        app.request("POST", JOURNEY + "/go-live").expect(202);
        eventually("it is live", JOURNEY, "\"state\":\"live\"");

        send("a", 50);
        eventually("a cart starts a run", JOURNEY + "/runs", "\"tile\":\"wait\"");
        app.request("POST", JOURNEY + "/pause").expect(200);
        send("b", 60);
        app.request("POST", JOURNEY + "/resume").expect(202);
        eventually("it is live again", JOURNEY, "\"state\":\"live\"");
        for (var tries = 0; runs() < 2; tries++) {
            assertThat(tries).isLessThan(600);
            Thread.sleep(50);
        }

        app.admin()
                .with("If-Match", etag())
                .request("PUT", JOURNEY, document("hold"))
                .expect(200);
        assertThat(app.request("GET", JOURNEY + "/impact").expect(200).body()).contains("needs-mapping");
        assertThat(app.request("POST", JOURNEY + "/go-live", Map.of("inFlight", "move"))
                        .expect(422)
                        .body())
                .contains("missing-mapping");
        app.request("POST", JOURNEY + "/go-live", Map.of("inFlight", "move", "mapping", Map.of("wait", "hold")))
                .expect(202);
        eventually("they are moved", JOURNEY + "/runs?tile=hold", "\"version\":2");
        for (var tries = 0;
                app.request("GET", JOURNEY + "/runs?tile=hold")
                                .json()
                                .path("items")
                                .size()
                        < 2;
                tries++) {
            assertThat(tries).isLessThan(600);
            Thread.sleep(50);
        }

        var run = app.request("GET", JOURNEY + "/runs").json().at("/items/0/id").asText();
        app.request("POST", "/v1/runs/" + run + "/move", Map.of("tile", "wait")).expect(422);
        assertThat(app.request("POST", "/v1/runs/" + run + "/skip-wait")
                        .expect(200)
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("completed");
        app.request("POST", "/v1/runs/" + run + "/retry").expect(409);
        app.request("POST", JOURNEY + "/stop").expect(202);
        eventually("it is stopped", JOURNEY, "\"state\":\"stopped\"");
    }

    private static void send(String cart, int amount) {
        app.request(
                        "POST",
                        "/v1/interactions",
                        List.of(Map.of(
                                "id",
                                cart,
                                "type",
                                "CartLeft",
                                "contact",
                                "external:ada",
                                "properties",
                                Map.of("cart", cart, "amount", amount))))
                .expect(200);
    }

    private static int runs() {
        return app.request("GET", JOURNEY + "/runs").json().path("items").size();
    }

    private static String etag() {
        return app.request("GET", JOURNEY).header("ETag");
    }
}
