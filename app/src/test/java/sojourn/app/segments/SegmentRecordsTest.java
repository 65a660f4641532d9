package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.security.Role;
import sojourn.testing.Answer;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** What is kept about segments, copies, text, and what becomes of them when others stop. */
class SegmentRecordsTest {

    @RegisterExtension
    static final App app = new App();

    private String key = "";

    @BeforeEach
    void newKey() {
        key = "s" + UUID.randomUUID().toString().replace("-", "");
    }

    @Test
    void tags_owner_and_source_are_kept_and_found() {
        var made = create(Map.of(
                        "key",
                        key,
                        "kind",
                        "static",
                        "tags",
                        List.of("retail", "q4 " + key, "retail"),
                        "owner",
                        "eve " + key,
                        "external",
                        Map.of("source", "crm", "url", "https://crm.example.com/7")))
                .expect(201)
                .json();
        create(Map.of("key", key + "b", "query", "PROFILE(contact)")).expect(201);

        assertThat(made.path("tags").toString()).isEqualTo("[\"retail\",\"q4 " + key + "\"]");
        assertThat(made.at("/external/source").asText()).isEqualTo("crm");
        assertThat(made.path("createdBy").asText()).isEqualTo("test admin");
        assertThat(made.path("firstLiveBy").asText()).isEqualTo("test admin");
        assertThat(keys("tag=q4%20" + key)).containsExactly(key);
        assertThat(keys("owner=eve%20" + key)).containsExactly(key);
        assertThat(keys("tag=nothing" + key)).isEmpty();
    }

    @Test
    void what_does_not_fit_is_said_at_once() {
        var refused = create(Map.of(
                        "key",
                        "quota",
                        "query",
                        "PROFILE(contact)",
                        "tags",
                        List.of("", "x".repeat(101)),
                        "external",
                        Map.of("url", "javascript:alert(1)")))
                .expect(422);

        assertThat(refused.json().path("errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder(
                        "/key", "/tags/0", "/tags/1", "/external", "/external/source", "/external/url");
    }

    @Test
    void a_list_is_sorted_and_its_pages_fit_together() {
        for (var number = 0; number < 3; number++) {
            create(Map.of("key", key + number, "name", key + " " + (2 - number), "kind", "static"))
                    .expect(201);
        }
        contact("ada");
        members(key + 1, "ada").expect(200);

        assertThat(paged("sort=name&q=" + key)).containsExactly(key + 2, key + 1, key + 0);
        assertThat(paged("sort=-key&q=" + key)).containsExactly(key + 2, key + 1, key + 0);
        assertThat(paged("sort=-size&q=" + key)).startsWith(key + 1);
        assertThat(paged("sort=updatedAt&q=" + key)).containsExactly(key + 0, key + 1, key + 2);
        app.request("GET", "/v1/segments?sort=colour").expect(422);
        var cursor = app.request("GET", "/v1/segments?limit=1&q=" + key)
                .json()
                .path("next")
                .asText();
        app.request("GET", "/v1/segments?sort=name&cursor=" + cursor).expect(422);
    }

    @Test
    void how_often_a_segment_is_evaluated_is_between_ten_minutes_and_a_month() {
        for (var wrong : List.of("PT9M59S", "P32D", "soon", "-PT6H", "")) {
            var refused = create(Map.of("key", key, "query", "PROFILE(contact)", "evaluateEvery", wrong))
                    .expect(422);
            assertThat(refused.json().at("/errors/0/pointer").asText()).isEqualTo("/evaluateEvery");
        }
        create(Map.of("key", key, "kind", "static", "evaluateEvery", "PT6H")).expect(422);
        create(Map.of("key", key + "a", "query", "PROFILE(contact)", "evaluateEvery", "PT10M"))
                .expect(201);
        create(Map.of("key", key + "b", "query", "PROFILE(contact)", "evaluateEvery", "P31D"))
                .expect(201);
    }

    @Test
    void a_copy_is_a_segment_of_its_own() {
        create(Map.of(
                        "key",
                        key,
                        "query",
                        "PROFILE(contact)",
                        "tags",
                        List.of("a"),
                        "description",
                        "all",
                        "evaluateEvery",
                        "P2D"))
                .expect(201);
        create(Map.of("key", key + "s", "kind", "static")).expect(201);
        contact("ada");
        members(key + "s", "ada").expect(200);

        var copy =
                copy(key, Map.of("key", key + "c", "name", "Copy")).expect(201).json();
        var picked = copy(key + "s", Map.of("key", key + "d")).expect(201).json();

        assertThat(copy.path("state").asText()).isEqualTo("draft");
        assertThat(copy.path("query").asText()).isEqualTo("PROFILE(contact)");
        assertThat(copy.path("tags").get(0).asText()).isEqualTo("a");
        assertThat(copy.path("name").asText()).isEqualTo("Copy");
        assertThat(Duration.parse(copy.path("evaluateEvery").asText())).isEqualTo(Duration.ofDays(2));
        assertThat(picked.path("size").asInt()).isEqualTo(1);
        copy(key, Map.of("key", key + "c")).expect(409);
        copy(key, Map.of("key", "No")).expect(422);
        copy("nothing", Map.of("key", key + "x")).expect(404);
    }

    @Test
    void text_that_was_exported_makes_the_same_segment() {
        var query = "PROFILE(contact)\n-- key: not the head of a segment\n.FILTER(firstName == 'a\\b')";
        create(Map.of(
                        "key",
                        key,
                        "name",
                        "N \\ me",
                        "description",
                        "two\nlines",
                        "query",
                        query,
                        "timeZone",
                        "Europe/Berlin",
                        "tags",
                        List.of("a, b", "c"),
                        "owner",
                        "eve",
                        "evaluateEvery",
                        "PT6H"))
                .expect(201);
        var text = app.request("GET", "/v1/segments/" + key + "/export").expect(200);
        assertThat(text.header("Content-Type")).startsWith("text/plain");
        app.request("DELETE", "/v1/segments/" + key).expect(204);

        var made = importing(text.body()).expect(201).json().at("/items/0");

        assertThat(made.path("query").asText()).isEqualTo(query.replace("-- key", "--- key"));
        assertThat(made.path("description").asText()).isEqualTo("two\nlines");
        assertThat(made.path("name").asText()).isEqualTo("N \\ me");
        assertThat(made.path("tags").toString()).isEqualTo("[\"a, b\",\"c\"]");
        assertThat(made.path("timeZone").asText()).isEqualTo("Europe/Berlin");
        assertThat(made.path("evaluateEvery").asText()).isEqualTo("PT6H");
        assertThat(app.request("GET", "/v1/segments/" + key + "/export").body()).isEqualTo(text.body());
    }

    @Test
    void segments_of_one_text_may_build_on_one_another() {
        var made = importing("""

                -- key: %1$s
                -- name: Both

                SEGMENT(%1$s-a) INTERSECT SEGMENT(%1$s-b)

                -- key: %1$s-a
                PROFILE(contact).FILTER(state == 'active')
                -- key: %1$s-b
                -- kind: static
                """.formatted(key)).expect(201);

        assertThat(made.json().path("items").findValuesAsText("key")).containsExactly(key, key + "-a", key + "-b");
    }

    @Test
    void everything_wrong_with_a_text_is_said_with_its_line_and_nothing_is_made() {
        var refused = importing("""
                -- key: %1$s
                -- nmae: x

                PROFILE(contact)
                  UNION INTERACTION(Nope)
                -- key: No Key
                PROFILE(contact)
                -- key: %1$s
                -- timeZone: Nowhere/Land
                PROFILE(contact)
                """.formatted(key)).expect(422);

        assertThat(refused.json()
                        .path("errors")
                        .valueStream()
                        .map(error -> error.path("line").asInt() + " "
                                + error.path("code").asText()))
                .containsExactlyInAnyOrder(
                        "2 unknown-field",
                        "5 unknown-interaction-type",
                        "6 invalid-key",
                        "8 key-taken",
                        "9 unknown-time-zone");
        app.request("GET", "/v1/segments/" + key).expect(404);
        assertThat(importing("-- key: %1$s\nSEGMENT(%1$sb)\n-- key: %1$sb\nSEGMENT(%1$s)".formatted(key))
                        .expect(422)
                        .json()
                        .at("/errors/0/line")
                        .asInt())
                .isEqualTo(2);
        app.request("GET", "/v1/segments/" + key).expect(404);
        importing("PROFILE(contact)").expect(422);
        importing("").expect(422);
        assertThat(app.as(Role.MARKETER)
                        .with("Content-Type", "text/plain")
                        .request(
                                "POST", "/v1/segments/import", "-- key: " + key + "\n-- scope: owner\nPROFILE(contact)")
                        .body())
                .contains("admins-only");
    }

    @Test
    void what_builds_on_a_segment_that_was_stopped_by_force_is_flagged() throws Exception {
        create(Map.of("key", key, "query", "PROFILE(contact).FILTER(lastName == '" + key + "')"))
                .expect(201);
        create(Map.of("key", key + "b", "query", "SEGMENT(" + key + ")")).expect(201);
        contact("ada");
        goLive(key);
        goLive(key + "b");
        assertThat(app.request("POST", "/v1/segments/" + key + "/stop")
                        .expect(409)
                        .body())
                .contains("segment " + key + "b");
        app.request("DELETE", "/v1/segments/" + key).expect(409);

        app.request("POST", "/v1/segments/" + key + "/stop", Map.of("force", true))
                .expect(202);

        var stopped = app.request("GET", "/v1/segments/" + key).json();
        assertThat(stopped.path("state").asText()).isEqualTo("stopped");
        assertThat(stopped.path("stoppedAt").asText()).isNotEmpty();
        assertThat(stopped.path("size").asInt()).isEqualTo(1);
        assertThat(stopped.path("warnings")).isEmpty();
        var flagged = app.request("GET", "/v1/segments/" + key + "b").json();
        assertThat(flagged.at("/warnings/0/code").asText()).isEqualTo("built-on-not-live");
        assertThat(flagged.path("size").asInt()).isEqualTo(1);
        goLive(key);
        assertThat(app.request("GET", "/v1/segments/" + key + "b").json().path("warnings"))
                .isEmpty();
        assertThat(app.request("GET", "/v1/segments/" + key)
                        .json()
                        .path("stoppedAt")
                        .isNull())
                .isTrue();
    }

    @Test
    void the_key_is_fixed_once_it_has_been_live() throws Exception {
        var draft = create(Map.of("key", key, "query", "PROFILE(contact)")).expect(201);
        var renamed = app.admin()
                .with("If-Match", draft.header("ETag"))
                .request("PUT", "/v1/segments/" + key, Map.of("key", key + "r", "query", "PROFILE(contact)"))
                .expect(200);
        assertThat(renamed.json().path("key").asText()).isEqualTo(key + "r");
        goLive(key + "r");
        app.request("POST", "/v1/segments/" + key + "r/stop").expect(202);
        var stopped = app.request("GET", "/v1/segments/" + key + "r");

        var refused = app.admin()
                .with("If-Match", stopped.header("ETag"))
                .request("PUT", "/v1/segments/" + key + "r", Map.of("key", key, "query", "PROFILE(contact)"))
                .expect(422);

        assertThat(refused.json().at("/errors/0/code").asText()).isEqualTo("fixed");
    }

    private static void goLive(String segment) throws InterruptedException {
        app.request("POST", "/v1/segments/" + segment + "/go-live").expect(202);
        Eventually.holds(
                () -> app.request("GET", "/v1/segments/" + segment).body().contains("\"state\":\"live\""));
    }

    private static List<String> keys(String query) {
        return app.request("GET", "/v1/segments?" + query)
                .expect(200)
                .json()
                .path("items")
                .findValuesAsText("key");
    }

    /** All keys of a list that is read one by one. */
    private static List<String> paged(String query) {
        var keys = new ArrayList<String>();
        var cursor = "";
        do {
            var page = app.request("GET", "/v1/segments?limit=1&" + query + cursor)
                    .expect(200)
                    .json();
            page.path("items").forEach(item -> keys.add(item.path("key").asText()));
            cursor = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").asText();
        } while (!cursor.isEmpty());
        return keys;
    }

    private static Answer create(Object body) {
        return app.request("POST", "/v1/segments", body);
    }

    private static Answer copy(String segment, Object body) {
        return app.request("POST", "/v1/segments/" + segment + "/copy", body);
    }

    private static Answer importing(String text) {
        return app.admin().with("Content-Type", "text/plain").request("POST", "/v1/segments/import", text);
    }

    private Answer members(String segment, String contact) {
        return app.request(
                "POST", "/v1/segments/" + segment + "/members", Map.of("add", List.of("external:" + contact + key)));
    }

    private void contact(String name) {
        app.request("PUT", "/v1/contacts/external:" + name + key, Map.of("lastName", key))
                .expect(201);
    }
}
