package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Answer;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** Segments ask about the records that interactions name: what holds of them, and what becomes of it. */
class FollowingTest {

    @RegisterExtension
    static final App app = new App();

    private static int number;

    private String id = "";

    @BeforeEach
    void people_are_there() {
        number++;
        id = "n" + number;
        for (var who : List.of("ada", "bob")) {
            app.request("PUT", "/v1/contacts/external:" + who, "{}");
        }
    }

    private String books(String type, String product) {
        app.request("POST", "/v1/profile-types", Map.of("key", product, "attributes", Map.of("category", "text")))
                .expect(201);
        app.request("POST", "/v1/interaction-types", """
                        {"key": "%s", "properties": {"item": {"type": "lookup", "lookup": "%s"}}}
                        """.formatted(type, product))
                .expect(201);
        return "INTERACTION(" + type + ").FILTER(item.category == 'books')";
    }

    private void happens(String type, String who, String property, String name) {
        app.request(
                        "POST",
                        "/v1/interactions",
                        Map.of(
                                "id",
                                type + who + name,
                                "type",
                                type,
                                "contact",
                                "external:" + who,
                                "properties",
                                Map.of(property, name)))
                .expect(200);
    }

    private void live(String segment, String query) throws InterruptedException {
        app.request("POST", "/v1/segments", Map.of("key", segment, "query", query))
                .expect(201);
        app.request("POST", "/v1/segments/" + segment + "/go-live").expect(202);
        Eventually.holds(
                () -> app.request("GET", "/v1/segments/" + segment).body().contains("\"state\":\"live\""));
    }

    private static boolean has(String segment, String who) {
        return explained(segment, who).json().at("/member").booleanValue();
    }

    private static Answer explained(String segment, String who) {
        return app.request("GET", "/v1/segments/" + segment + "/explain?contact=external:" + who)
                .expect(200);
    }

    @Test
    void a_record_that_changes_and_goes_moves_the_contacts_of_what_names_it() throws Exception {
        var product = "product" + id;
        live(id, books("Bought" + id, product));
        for (var record : List.of("b-1", "b-2")) {
            app.request("PUT", "/v1/profiles/" + product + "/external:" + record, "{}")
                    .expect(201);
        }
        happens("Bought" + id, "ada", "item", "b-1");
        happens("Bought" + id, "bob", "item", "b-2");

        app.request("PATCH", "/v1/profiles/" + product + "/external:b-1", "{\"attributes\": {\"category\": \"Books\"}}")
                .expect(200);
        Eventually.holds(() -> has(id, "ada"));
        assertThat(has(id, "bob")).isFalse();
        assertThat(explained(id, "ada").body()).contains("\"values\":{\"item.category\":\"Books\"}");

        app.request("PATCH", "/v1/profiles/" + product + "/external:b-1", "{\"attributes\": {\"category\": \"tea\"}}")
                .expect(200);
        Eventually.holds(() -> !has(id, "ada"));
        app.request("PATCH", "/v1/profiles/" + product + "/external:b-1", "{\"attributes\": {\"category\": \"books\"}}")
                .expect(200);
        Eventually.holds(() -> has(id, "ada"));

        app.request("DELETE", "/v1/profiles/" + product + "/external:b-1").expect(204);
        Eventually.holds(() -> !has(id, "ada"));
    }

    @Test
    void what_a_message_that_goes_live_says_of_itself_is_asked_for() throws Exception {
        live(id, "INTERACTION(EmailOpened).FILTER(CONTAINSANY(message.tags, 'spring') && message.topic == 'news')");
        happens("EmailOpened", "ada", "message", "hello-" + id);
        var message = new HashMap<String, Object>(Map.of(
                "key",
                "hello-" + id,
                "channel",
                "email",
                "purpose",
                "commercial",
                "from",
                "Shop <shop@example.com>",
                "subject",
                "Hello",
                "text",
                "Hello",
                "topic",
                "News",
                "tags",
                List.of("Spring", "sale")));
        app.request("POST", "/v1/messages", message).expect(201);
        assertThat(has(id, "ada")).isFalse();

        app.request("POST", "/v1/messages/hello-" + id + "/go-live").expect(200);
        Eventually.holds(() -> has(id, "ada"));

        var etag = app.request("GET", "/v1/messages/hello-" + id).header("ETag");
        message.put("tags", List.of("autumn"));
        app.admin()
                .with("If-Match", etag)
                .request("PUT", "/v1/messages/hello-" + id, message)
                .expect(200);
        assertThat(has(id, "ada")).isTrue();
        app.request("POST", "/v1/messages/hello-" + id + "/go-live").expect(200);
        Eventually.holds(() -> !has(id, "ada"));
    }

    @Test
    void a_registration_is_followed_to_its_event_which_may_come_later() throws Exception {
        var fair = "/v1/profiles/event/external:fair-" + id;
        happens("EventRegistered", "ada", "event", "fair-" + id);
        happens("EventRegistered", "bob", "event", "else-" + id);
        live(id, "INTERACTION(EventRegistered).FILTER(event.name == 'spring fair " + id + "')");
        assertThat(has(id, "ada")).isFalse();

        app.request("PUT", fair, Map.of("attributes", Map.of("name", "Spring Fair " + id)))
                .expect(201);
        Eventually.holds(() -> has(id, "ada"));
        assertThat(has(id, "bob")).isFalse();
        assertThat(explained(id, "ada").body()).contains("\"values\":{\"event.name\":\"Spring Fair " + id + "\"}");
        app.request("PATCH", fair, Map.of("attributes", Map.of("name", "Autumn fair")))
                .expect(200);
        Eventually.holds(() -> !has(id, "ada"));
        app.request("PATCH", fair, Map.of("attributes", Map.of("name", "SPRING FAIR " + id)))
                .expect(200);
        Eventually.holds(() -> has(id, "ada"));

        app.request("DELETE", fair).expect(204);
        Eventually.holds(() -> !has(id, "ada"));
    }

    @Test
    void what_is_followed_to_stays_declared() throws Exception {
        var product = "product" + id;
        live(id, books("Bought" + id, product));

        assertThat(app.request("PATCH", "/v1/profile-types/" + product, "{\"attributes\": {\"category\": null}}")
                        .expect(409)
                        .body())
                .contains("segment " + id);
        assertThat(app.request("DELETE", "/v1/profile-types/" + product)
                        .expect(409)
                        .body())
                .contains("interaction type Bought" + id, "segment " + id);
    }

    @Test
    void a_lookup_names_a_profile_type_that_there_is() {
        var refused = app.request("POST", "/v1/interaction-types", """
                {"key": "Rented", "properties": {"boat": {"type": "lookup", "lookup": "bote"}}}
                """).expect(422);

        assertThat(refused.body()).contains("unknown-profile-type", "/properties/boat");
    }

    @Test
    void viewers_do_not_see_contact_points_of_what_is_followed_to() throws Exception {
        app.request("POST", "/v1/interaction-types", """
                        {"key": "Met%s", "properties": {"whom": {"type": "lookup", "lookup": "lead"}}}
                        """.formatted(id)).expect(201);
        app.request("PUT", "/v1/profiles/lead/external:l-" + id, """
                        {"attributes": {"email": "lead-%s@example.com", "source": "fair"}}
                        """.formatted(id))
                .expect(201);
        live(id, "INTERACTION(Met" + id + ").FILTER(whom.email ENDSWITH 'example.com' && whom.source == 'fair')");
        happens("Met" + id, "ada", "whom", "l-" + id);
        Eventually.holds(() -> has(id, "ada"));

        var seen = app.as("viewer")
                .request("GET", "/v1/segments/" + id + "/explain?contact=external:ada")
                .expect(200)
                .body();

        assertThat(seen).contains("\"whom.source\":\"fair\"").doesNotContain("lead-" + id);
    }
}
