package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Answer;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** What can be done with a segment in each of its states, and what is refused. */
class SegmentStatesTest {

    @RegisterExtension
    static final App app = new App();

    private String key = "";

    @BeforeEach
    void aDraft() {
        key = "s" + UUID.randomUUID().toString().replace("-", "");
        app.request("POST", "/v1/segments", body("a")).expect(201);
    }

    @Test
    void a_draft_can_only_be_changed_deleted_and_go_live() {
        verb("stop").expect(409);
        verb("edit").expect(409);
        verb("save").expect(409);
        verb("evaluate").expect(409);
        verb("discard").expect(200);

        assertThat(put(body("b")).expect(200).json().path("name").asText()).isEqualTo("b");
        app.request("DELETE", path()).expect(204);
    }

    @Test
    void a_live_segment_is_changed_beside_itself() throws Exception {
        goLive();
        verb("go-live").expect(200);
        assertThat(put(body("b")).expect(409).json().path("detail").asText()).contains("/edit");
        app.request("DELETE", path()).expect(409);
        app.request("DELETE", path() + "?force=true").expect(409);
        verb("save").expect(409);

        verb("edit").expect(200);
        put(body("b")).expect(200);
        assertThat(read().json().path("name").asText()).isEqualTo("a");
        assertThat(read().json().at("/draft/name").asText()).isEqualTo("b");
        verb("discard").expect(200);
        assertThat(read().json().path("draft").isNull()).isTrue();
        verb("edit").expect(200);
        put(body("c")).expect(200);
        verb("save").expect(200);

        assertThat(read().json().path("name").asText()).isEqualTo("c");
        verb("evaluate").expect(202);
    }

    @Test
    void a_stopped_segment_can_be_changed_deleted_and_go_live_again() throws Exception {
        goLive();
        verb("stop").expect(202);
        verb("stop").expect(200);
        verb("evaluate").expect(409);
        verb("edit").expect(409);

        assertThat(put(body("b")).expect(200).json().path("state").asText()).isEqualTo("stopped");
        goLive();
        verb("stop").expect(202);
        app.request("DELETE", path()).expect(204);
    }

    @Test
    void what_is_stopped_keeps_its_edit_until_that_is_saved_or_discarded() throws Exception {
        goLive();
        verb("edit").expect(200);
        put(body("b")).expect(200);
        verb("stop").expect(202);

        assertThat(read().json().path("name").asText()).isEqualTo("a");
        assertThat(read().json().at("/draft/name").asText()).isEqualTo("b");
        assertThat(verb("go-live").expect(409).json().path("detail").asText()).contains("save or discard");
        put(body("c")).expect(200);
        assertThat(read().json().path("name").asText())
                .as("the edit is changed")
                .isEqualTo("a");
        verb("save").expect(200);
        assertThat(read().json().path("name").asText()).isEqualTo("c");
        assertThat(read().json().path("draft").isNull()).isTrue();
        assertThat(read().json().path("state").asText()).isEqualTo("stopped");
        put(body("d")).expect(200);
        assertThat(read().json().path("name").asText()).isEqualTo("d");

        goLive();
        verb("edit").expect(200);
        put(body("e")).expect(200);
        verb("stop").expect(202);
        verb("discard").expect(200);
        goLive();
        assertThat(read().json().path("name").asText()).isEqualTo("d");
    }

    @Test
    void an_edit_that_was_about_to_be_saved_when_its_segment_was_stopped_is_saved_anew() throws Exception {
        goLive();
        verb("edit").expect(200);
        put(Map.of("key", key, "name", "b", "query", "PROFILE(contact).FILTER(state == 'active')"))
                .expect(200);
        app.jdbi()
                .useHandle(handle -> handle.execute(
                        "update segment set draft = draft || '{\"saving\": true}'::jsonb where key = ?", key));
        verb("stop").expect(202);
        assertThat(read().json().at("/draft/saving").asBoolean(true)).isFalse();

        assertThat(verb("save").expect(200).json().path("query").asText()).contains("active");
    }

    @Test
    void an_edit_beside_a_segment_in_error_is_the_way_out_of_it() throws Exception {
        var base = key + "-base";
        app.request("POST", "/v1/segments", Map.of("key", base, "query", "PROFILE(contact)"))
                .expect(201);
        app.request("POST", "/v1/segments/" + base + "/go-live").expect(202);
        Eventually.holds(() -> app.request("GET", "/v1/segments/" + base).body().contains("\"state\":\"live\""));
        put(Map.of("key", key, "name", "a", "query", "SEGMENT(" + base + ")")).expect(200);
        goLive();
        verb("edit").expect(200);
        put(body("b")).expect(200);
        app.request("POST", "/v1/segments/" + base + "/stop", Map.of("force", true))
                .expect(202);
        app.request("DELETE", "/v1/segments/" + base + "?force=true").expect(204);
        Eventually.holds(() -> read().json().path("state").asText().equals("error"));
        assertThat(read().json().path("cause").asText()).contains(base);

        var saved = verb("save").expect(200).json();
        assertThat(saved.path("query").asText()).isEqualTo("PROFILE(contact)");
        assertThat(saved.path("draft").isNull()).isTrue();
        goLive();

        assertThat(read().json().path("name").asText()).isEqualTo("b");
    }

    @Test
    void an_edit_that_is_not_understood_any_more_is_not_saved_beside_an_error_either() throws Exception {
        goLive();
        verb("edit").expect(200);
        app.jdbi().useHandle(handle -> handle.execute("""
                        update segment set state = 'error', cause = 'gone', next_evaluation_at = null,
                                           draft = draft || '{"query": "SEGMENT(nowhere)", "saving": true}'::jsonb
                        where key = ?""", key));

        assertThat(verb("save").expect(422).json().at("/errors/0/code").asText())
                .isEqualTo("unknown-segment");
        verb("discard").expect(200);
        assertThat(read().json().path("draft").isNull()).isTrue();
    }

    @Test
    void the_kind_was_fixed_at_creation() {
        var refused = put(Map.of("key", key, "kind", "static")).expect(422).json();

        assertThat(refused.at("/errors/0/pointer").asText()).isEqualTo("/kind");
        assertThat(refused.at("/errors/0/code").asText()).isEqualTo("fixed");
        assertThat(refused.at("/errors/0/detail").asText()).contains("dynamic");
        var picked = key + "-picked";
        var made = app.request("POST", "/v1/segments", Map.of("key", picked, "kind", "static"))
                .expect(201);
        app.admin()
                .with("If-Match", made.header("ETag"))
                .request("PUT", "/v1/segments/" + picked, Map.of("kind", "dynamic", "query", "PROFILE(contact)"))
                .expect(422);
    }

    @Test
    void a_new_segment_closes_no_circle_nor_does_a_new_name() {
        var other = key + "-b";
        app.request("POST", "/v1/segments", Map.of("key", other, "query", "SEGMENT(" + key + ")"))
                .expect(201);
        app.request("DELETE", path()).expect(204);

        var refused = app.request(
                        "POST",
                        "/v1/segments",
                        Map.of(
                                "key",
                                key,
                                "query",
                                "-- SEGMENT(" + other + ")\n/* \uD83D\uDE00 */ SEGMENT(" + other + ")"))
                .expect(422)
                .json()
                .path("errors");
        assertThat(refused.findValuesAsText("code")).containsExactly("cycle");
        assertThat(refused.at("/0/line").asInt()).isEqualTo(2);
        assertThat(refused.at("/0/column").asInt()).as("in code points").isEqualTo(17);
        var renamed = key + "-c";
        var made = app.request("POST", "/v1/segments", Map.of("key", renamed, "query", "SEGMENT(" + other + ")"))
                .expect(201);
        var closed = app.admin()
                .with("If-Match", made.header("ETag"))
                .request("PUT", "/v1/segments/" + renamed, Map.of("key", key, "query", "SEGMENT(" + other + ")"))
                .expect(422);
        assertThat(closed.json().at("/errors/0/code").asText()).isEqualTo("cycle");
    }

    @Test
    void what_builds_on_a_draft_is_told_where_it_names_it() {
        var other = key + "-b";
        app.request(
                        "POST",
                        "/v1/segments",
                        Map.of("key", other, "query", "PROFILE(contact)\n  EXCEPT SEGMENT(" + key + ")"))
                .expect(201);

        var refused = app.request("POST", "/v1/segments/" + other + "/go-live")
                .expect(422)
                .json()
                .at("/errors/0");

        assertThat(refused.path("code").asText()).isEqualTo("segment-not-live");
        assertThat(refused.path("line").asInt()).isEqualTo(2);
        assertThat(refused.path("column").asInt()).isEqualTo(18);
    }

    @Test
    void the_last_members_keep_their_date_until_it_is_live_again() throws Exception {
        goLive();
        verb("stop").expect(202);
        var date = read().json().path("stoppedAt").asText();
        assertThat(date).isNotEmpty();
        app.jdbi()
                .useHandle(handle -> handle.execute(
                        "update segment set state = 'error', cause = 'It took too long' where key = ?", key));

        assertThat(read().json().path("stoppedAt").asText()).isEqualTo(date);
        assertThat(verb("go-live").expect(202).json().path("stoppedAt").asText())
                .as("still shown while it goes live")
                .isEqualTo(date);
        Eventually.holds(() -> read().json().path("state").asText().equals("live"));
        assertThat(read().json().path("stoppedAt").isNull()).isTrue();
    }

    @Test
    void a_segment_in_error_says_why_and_can_be_changed_and_go_live() throws Exception {
        app.jdbi()
                .useHandle(handle -> handle.execute(
                        "update segment set state = 'error', cause = 'The evaluation took longer than 300 seconds' where key = ?",
                        key));
        assertThat(read().json().path("cause").asText()).contains("longer");
        verb("evaluate").expect(409);

        put(body("b")).expect(200);
        goLive();

        assertThat(read().json().path("cause").isNull()).isTrue();
    }

    @Test
    void what_is_deleted_leaves_nothing_behind() {
        app.request("PUT", "/v1/contacts/external:ada" + key, Map.of()).expect(201);
        app.request("PUT", path() + "/overrides/external:ada" + key, Map.of("kind", "include"))
                .expect(201);

        app.request("DELETE", path()).expect(204);

        read().expect(404);
        app.request("GET", path() + "/overrides").expect(404);
        app.request("POST", "/v1/segments", body("a")).expect(201);
        assertThat(app.request("GET", path() + "/overrides").json().path("items"))
                .isEmpty();
    }

    private void goLive() throws InterruptedException {
        verb("go-live").expect(202);
        Eventually.holds(() -> read().json().path("state").asText().equals("live"));
    }

    private Map<String, String> body(String name) {
        return Map.of("key", key, "name", name, "query", "PROFILE(contact)");
    }

    private Answer put(Object body) {
        return app.admin().with("If-Match", read().header("ETag")).request("PUT", path(), body);
    }

    private Answer verb(String verb) {
        return app.request("POST", path() + "/" + verb);
    }

    private Answer read() {
        return app.request("GET", path());
    }

    private String path() {
        return "/v1/segments/" + key;
    }
}
