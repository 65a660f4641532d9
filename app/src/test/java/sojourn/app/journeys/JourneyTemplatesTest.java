package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sojourn.app.platform.Json;
import sojourn.app.security.Role;
import sojourn.testing.Answer;
import sojourn.testing.App;

/** Shipped templates make journeys that go live as soon as their parts are live. */
class JourneyTemplatesTest {

    @RegisterExtension
    static final App app = new App();

    static List<String> templates() {
        return List.copyOf(JourneyTemplates.read().keySet());
    }

    @ParameterizedTest
    @MethodSource("templates")
    void a_template_makes_a_journey_that_goes_live_when_its_parts_are(String template) throws Exception {
        var bundle = app.request("GET", "/v1/journey-templates/" + template)
                .expect(200)
                .json();

        var made = app.request("POST", "/v1/journey-templates/" + template + "/journeys")
                .expect(201)
                .json();

        assertThat(made.path("journey").asText()).isEqualTo(template);
        for (var segment : made.path("segments")) {
            goLive("/v1/segments/" + segment.path("key").asText());
        }
        for (var message : made.path("messages")) {
            goLive("/v1/messages/" + message.path("key").asText());
        }
        var journeys = new ArrayList<String>();
        made.path("journeys")
                .forEach(journey ->
                        journeys.add("/v1/journeys/" + journey.path("key").asText()));
        for (var journey : journeys.reversed()) {
            var problems =
                    app.request("POST", journey + "/check").expect(200).json().path("problems");
            // Nobody is here yet, so nobody is in an audience.
            assertThat(problems.valueStream()
                            .map(problem -> problem.path("code").asText()))
                    .as("%s: %s", journey, problems)
                    .isSubsetOf("empty-audience", "no-exit");
            assertThat(problems.findValuesAsText("severity")).doesNotContain("error");
            goLive(journey);
        }
        assertThat(canonical(app.request("GET", "/v1/journeys/" + template + "/export")
                        .expect(200)
                        .json()))
                .isEqualTo(canonical(bundle));
        var again = app.request("POST", "/v1/journey-templates/" + template + "/journeys")
                .expect(200)
                .json();
        assertThat(new TreeSet<>(again.findValuesAsText("outcome"))).containsExactly("kept");
        assertThat(again.path("declared")).isEmpty();
    }

    @Test
    void templates_are_listed_found_and_made_under_another_key() {
        var all = app.as(Role.VIEWER)
                .request("GET", "/v1/journey-templates?limit=4")
                .expect(200)
                .json();
        assertThat(all.path("items")).hasSize(4);
        var rest = app.request(
                        "GET",
                        "/v1/journey-templates?cursor=" + all.path("next").asText())
                .json();
        assertThat(rest.path("items").size() + 4).isEqualTo(templates().size()).isGreaterThanOrEqualTo(10);
        assertThat(app.request("GET", "/v1/journey-templates?q=SURVEY").json().findValuesAsText("key"))
                .containsExactly("satisfaction-survey");
        app.request("GET", "/v1/journey-templates/no-such").expect(404);
        app.as(Role.OPERATOR)
                .request("POST", "/v1/journey-templates/welcome-series/journeys")
                .expect(403);
        assertThat(app.request("POST", "/v1/journey-templates/welcome-series/journeys", Map.of("key", "Not A Key"))
                        .expect(422)
                        .body())
                .contains("/key");

        var made = app.request("POST", "/v1/journey-templates/welcome-series/journeys", Map.of("key", "my-welcome"))
                .expect(201);

        assertThat(made.header("Location")).endsWith("/v1/journeys/my-welcome");
        assertThat(made.json().at("/journeys/0/as").asText()).isEqualTo("my-welcome");
        assertThat(app.request("GET", "/v1/journeys/my-welcome").expect(200).body())
                .contains("Three mails for new subscribers");
    }

    /** Live is live; a static segment is so from the start. */
    private static void goLive(String place) throws InterruptedException {
        assertThat(app.request("POST", place + "/go-live").status()).as(place).isIn(200, 202);
        var end = System.nanoTime() + Answer.SOON.toNanos();
        while (!app.request("GET", place).json().path("state").asText().equals("live")) {
            assertThat(System.nanoTime()).as(place + " is not live").isLessThan(end);
            Thread.sleep(50);
        }
    }

    /** Without order of lists that have none, without the organization's zone, and with declarations in their long form. */
    static JsonNode canonical(JsonNode bundle) {
        var copy = bundle.<ObjectNode>deepCopy();
        var sorted = Json.mapper().createObjectNode();
        for (var list : List.of("segments", "messages")) {
            var byKey = sorted.putObject(list);
            copy.path(list)
                    .forEach(part -> byKey.set(part.path("key").asText(), ((ObjectNode) part).without("timeZone")));
        }
        sorted.set("journeys", copy.path("journeys"));
        copy.path("declarations")
                .forEach(kind -> kind.forEach(of -> of.propertyStream().toList().forEach(one -> {
                    var word = one.getValue();
                    if (word.isTextual()) {
                        ((ObjectNode) of).putObject(one.getKey()).set("type", word);
                    }
                })));
        // What others have declared of the same types meanwhile goes out too.
        sorted.set(
                "types",
                Json.mapper()
                        .valueToTree(new TreeSet<>(copy.at("/declarations/interactionTypes")
                                .propertyStream()
                                .map(Map.Entry::getKey)
                                .toList())));
        sorted.set("attributes", copy.at("/declarations/attributes"));
        return sorted;
    }
}
