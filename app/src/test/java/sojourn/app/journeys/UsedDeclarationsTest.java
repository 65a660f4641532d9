package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;

/** What conditions of live journeys ask about cannot be taken from under them. */
class UsedDeclarationsTest {

    private static final String DOCUMENT = """
            {"audience": {"segments": ["KEY"]}, "start": "who",
             "exit": {"interactions": [{"type": "Rented", "filter": "boat.length > 10"}]},
             "tiles": {
               "who": {"type": "attributeBranch", "otherwise": "seen", "branches": [
                 {"name": "high", "when": "KEYscore > 3 && ISNOTNULL(email)", "next": null}]},
               "seen": {"type": "ifThen", "timeLimit": "P30D", "otherwise": null, "branches": [
                 {"name": "yes", "when": [{"interaction": {"type": "Rented", "filter": "boat.sails == 2"}}], "next": null}]}}}
            """;
    private static final String ASKS_NOTHING = """
            {"audience": {"segments": ["KEY"]}, "start": "rest", "tiles": {
               "rest": {"type": "waitFor", "duration": "P30D", "next": null}}}
            """;

    @RegisterExtension
    static final App app = new App();

    private String key = "";

    @BeforeEach
    void a_journey_is_live() {
        key = "k" + UUID.randomUUID().toString().replace("-", "");
        app.request("POST", "/v1/segments", Map.of("key", key, "name", key, "kind", "static"))
                .expect(201);
        app.request("POST", "/v1/segments/" + key + "/go-live");
        app.request("PATCH", "/v1/profile-types/contact", Map.of("attributes", Map.of(key + "score", "number")))
                .expect(200);
        app.request(
                "POST",
                "/v1/profile-types",
                Map.of("key", "boat", "attributes", Map.of("length", "number", "sails", "number", "name", "text")));
        app.request("POST", "/v1/interaction-types", """
                {"key": "Rented", "properties": {"boat": {"type": "lookup", "lookup": "boat"}}}
                """);
        app.request(
                        "POST",
                        "/v1/journeys",
                        "{\"key\": \"" + key + "\", \"document\": " + DOCUMENT.replace("KEY", key) + "}")
                .expect(201);
        app.request("POST", "/v1/journeys/" + key + "/go-live").expect(202);
    }

    private String remove(String type, String attribute, int status) {
        return app.request(
                        "PATCH",
                        "/v1/profile-types/" + type,
                        Map.of("attributes", Collections.singletonMap(attribute, null)))
                .expect(status)
                .body();
    }

    @Test
    void an_attribute_that_a_branch_asks_for_stays_until_no_version_asks() {
        assertThat(remove("contact", key + "score", 409)).contains("in-use", "journey " + key);

        var etag = app.request("GET", "/v1/journeys/" + key).header("ETag");
        app.admin()
                .with("If-Match", etag)
                .request("PUT", "/v1/journeys/" + key, "{\"document\": " + ASKS_NOTHING.replace("KEY", key) + "}")
                .expect(200);
        assertThat(remove("contact", key + "score", 409)).contains("journey " + key);
        app.request("POST", "/v1/journeys/" + key + "/go-live").expect(202);

        remove("contact", key + "score", 200);
    }

    @Test
    void what_filters_of_exits_and_of_branches_follow_to_stays() {
        assertThat(remove("boat", "length", 409)).contains("journey " + key);
        assertThat(remove("boat", "sails", 409)).contains("journey " + key);
        assertThat(app.request("DELETE", "/v1/profile-types/boat").expect(409).body())
                .contains("journey " + key, "interaction type Rented");
    }

    @Test
    void what_a_draft_asks_for_may_go_and_keeps_it_from_going_live() {
        var draft = key + "-draft";
        app.request("PATCH", "/v1/profile-types/contact", Map.of("attributes", Map.of(key + "other", "number")))
                .expect(200);
        app.request(
                        "POST",
                        "/v1/journeys",
                        "{\"key\": \"" + draft + "\", \"document\": "
                                + DOCUMENT.replace("KEYscore", key + "other").replace("KEY", key) + "}")
                .expect(201);

        remove("contact", key + "other", 200);

        assertThat(app.request("POST", "/v1/journeys/" + draft + "/go-live")
                        .expect(422)
                        .body())
                .contains("unknown-attribute");
    }

    @Test
    void an_exit_follows_to_the_record_that_an_interaction_names() throws Exception {
        app.request("PUT", "/v1/profiles/boat/external:small" + key, "{\"attributes\": {\"length\": 5}}")
                .expect(201);
        app.request("PUT", "/v1/profiles/boat/external:large" + key, "{\"attributes\": {\"length\": 15}}")
                .expect(201);
        for (var who : new String[] {"ada", "bob"}) {
            app.request("PUT", "/v1/contacts/external:" + who + key, "{}").expect(201);
            app.request("POST", "/v1/segments/" + key + "/members", "{\"add\": [\"external:" + who + key + "\"]}");
        }
        await("ada", "active");
        await("bob", "active");

        rents("ada", "small");
        rents("bob", "large");

        await("bob", "stopped");
        await("ada", "active");
    }

    private void rents(String who, String boat) {
        app.request("POST", "/v1/interactions", """
                        {"id": "%1$s%2$s%3$s", "type": "Rented", "contact": "external:%1$s%3$s", "properties": {"boat": "%2$s%3$s"}}
                        """.formatted(who, boat, key)).expect(200);
    }

    private void await(String who, String status) throws InterruptedException {
        var answer = "";
        for (var looks = 0; looks < 200; looks++) {
            answer = app.request("GET", "/v1/journeys/" + key + "/runs?contact=external:" + who + key)
                    .body();
            if (answer.contains("\"status\":\"" + status + "\"")) {
                return;
            }
            Thread.sleep(100);
        }
        throw new AssertionError(who + " is not " + status + ": " + answer);
    }
}
