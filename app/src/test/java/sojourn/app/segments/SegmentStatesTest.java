package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Answer;
import sojourn.testing.App;

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
