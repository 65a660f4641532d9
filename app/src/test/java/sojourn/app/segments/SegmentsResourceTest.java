package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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

class SegmentsResourceTest {

    @RegisterExtension
    static final App app = new App();

    private String key = "";

    @BeforeEach
    void newKey() {
        key = "s" + UUID.randomUUID().toString().replace("-", "");
    }

    @Test
    void a_segment_comes_back_as_it_was_sent() {
        var created = create("PROFILE(contact)");

        assertThat(created.status()).isEqualTo(201);
        var read = app.request("GET", "/v1/segments/" + key);
        assertThat(read.json().path("key").asText()).isEqualTo(key);
        assertThat(read.json().path("name").asText()).isEqualTo("Everyone");
        assertThat(read.json().path("kind").asText()).isEqualTo("dynamic");
        assertThat(read.json().path("timeZone").asText()).isEqualTo("Europe/Berlin");
        assertThat(read.json().path("query").asText()).isEqualTo("PROFILE(contact)");
        assertThat(read.json().path("state").asText()).isEqualTo("draft");
        assertThat(read.json().path("size").asInt()).isZero();
        assertThat(read.json().fieldNames())
                .toIterable()
                .contains(
                        "id",
                        "draft",
                        "description",
                        "owner",
                        "scope",
                        "createdAt",
                        "updatedAt",
                        "firstLiveAt",
                        "lastEvaluation",
                        "nextEvaluationAt");
        assertThat(app.request("GET", "/v1/segments/" + read.json().path("id").asText())
                        .json())
                .isEqualTo(read.json());
    }

    @Test
    void everything_wrong_is_said_at_once_and_where_in_the_query() {
        var answer = app.request(
                "POST",
                "/v1/segments",
                Map.of(
                        "key",
                        "Not A Key",
                        "timeZone",
                        "Europe/Atlantis",
                        "query",
                        "PROFILE(contact) UNION INTERACTION(Nope)"));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder("/key", "/timeZone", "/query");
        var query = answer.json().path("errors").get(2);
        assertThat(query.path("line").asInt()).isEqualTo(1);
        assertThat(query.path("column").asInt()).isGreaterThan(20);
    }

    @Test
    void of_a_kind_that_there_is_not_no_query_is_missed() {
        var answer = app.request("POST", "/v1/segments", Map.of("key", key, "kind", "clever"));

        assertThat(answer.expect(422).json().path("errors").findValuesAsText("code"))
                .containsExactly("unknown-kind");
    }

    @Test
    void a_taken_key_is_a_problem() {
        create("PROFILE(contact)");

        assertThat(create("PROFILE(contact)").status()).isEqualTo(409);
    }

    @Test
    void an_update_needs_the_version_that_was_read() {
        var created = create("PROFILE(contact)");
        var change = Map.of("name", "Changed", "query", "PROFILE(contact)");

        assertThat(app.request("PUT", "/v1/segments/" + key, change).status()).isEqualTo(428);
        assertThat(put("\"7\"", change).status()).isEqualTo(412);
        var changed = put(etag(created), change);

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().path("name").asText()).isEqualTo("Changed");
        assertThat(etag(changed)).isNotEqualTo(etag(created));
    }

    @Test
    void what_was_read_may_be_sent_back() {
        var created = create("PROFILE(contact)");

        assertThat(put(etag(created), created.json()).status()).isEqualTo(200);
    }

    @Test
    void a_segment_may_not_build_on_itself() {
        var first = create("PROFILE(contact)");
        var second = key + "b";
        app.request("POST", "/v1/segments", Map.of("key", second, "query", "SEGMENT(" + key + ")"));

        var answer = put(etag(first), Map.of("query", "SEGMENT(" + second + ")"));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("errors").get(0).path("detail").asText())
                .contains(key + " -> " + second + " -> " + key);
        assertThat(answer.json().at("/errors/0/line").asInt()).isEqualTo(1);
        assertThat(answer.json().at("/errors/0/column").asInt()).as("the key").isEqualTo(9);
    }

    @Test
    void what_a_query_names_must_be_live_at_go_live_only() {
        create("PROFILE(contact)");
        var second = key + "b";

        var created = app.request("POST", "/v1/segments", Map.of("key", second, "query", "SEGMENT(" + key + ")"));
        var live = app.request("POST", "/v1/segments/" + second + "/go-live");

        assertThat(created.status()).isEqualTo(201);
        assertThat(live.status()).isEqualTo(422);
        assertThat(live.json().path("errors").get(0).path("code").asText()).isEqualTo("segment-not-live");
    }

    @Test
    void a_static_segment_is_live_at_once_and_changes_by_hand() {
        contact("ada-" + key);
        contact("bob-" + key);
        app.request("POST", "/v1/segments", Map.of("key", key, "kind", "static"));

        var added = members(Map.of("add", List.of("external:ada-" + key, "external:bob-" + key)));
        var removed = members(Map.of("remove", List.of("external:bob-" + key)));
        var unknown = members(Map.of("add", List.of("external:nobody", "external:bob-" + key)));

        assertThat(app.request("GET", "/v1/segments/" + key)
                        .json()
                        .path("state")
                        .asText())
                .isEqualTo("live");
        assertThat(added.json().path("joined").asInt()).isEqualTo(2);
        assertThat(removed.json().path("left").asInt()).isEqualTo(1);
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.json().path("errors").get(0).path("pointer").asText())
                .isEqualTo("/add/0");
        var page = app.request("GET", "/v1/segments/" + key + "/members").json();
        assertThat(page.path("items").size()).isEqualTo(1);
        assertThat(page.path("items").get(0).path("externalId").asText()).isEqualTo("ada-" + key);
        assertThat(outbox()).containsExactly("2 0", "0 1");
    }

    @Test
    void members_are_paged() {
        app.request("POST", "/v1/segments", Map.of("key", key, "kind", "static"));
        for (var number = 0; number < 3; number++) {
            contact(key + number);
            members(Map.of("add", List.of("external:" + key + number)));
        }

        var first =
                app.request("GET", "/v1/segments/" + key + "/members?limit=2").json();
        var second = app.request(
                        "GET",
                        "/v1/segments/" + key + "/members?limit=2&cursor="
                                + first.path("next").asText())
                .json();

        assertThat(first.path("items").size()).isEqualTo(2);
        assertThat(second.path("items").size()).isEqualTo(1);
        assertThat(second.path("next").isNull()).isTrue();
    }

    @Test
    void parsing_answers_with_the_canonical_text_and_the_tree() {
        var parsed = app.request("POST", "/v1/segments/parse", Map.of("query", "profile( contact )"));
        var refused = app.request("POST", "/v1/segments/parse", Map.of("query", "PROFILE(contact) UNION\n !"));

        assertThat(parsed.json().path("query").asText()).isEqualTo("PROFILE(contact)");
        assertThat(parsed.json().path("tree").path("is").asText()).isEqualTo("profile");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().path("errors").get(0).path("line").asInt()).isEqualTo(2);
    }

    @Test
    void a_segment_goes_live_follows_what_happens_and_stops() throws Exception {
        contact(key);
        app.request("POST", "/v1/interaction-types", Map.of("key", "Bought" + key, "properties", Map.of()));
        create("INTERACTION(Bought" + key + ")").expect(201);
        assertThat(app.request("POST", "/v1/segments/" + key + "/estimate")
                        .json()
                        .path("count")
                        .asInt())
                .isZero();

        app.request("POST", "/v1/segments/" + key + "/go-live").expect(202);
        Eventually.holds(() -> segment().path("state").asText().equals("live"));
        app.request("POST", "/v1/segments/" + key + "/go-live").expect(200);
        app.request(
                        "POST",
                        "/v1/interactions",
                        Map.of("id", "b" + key, "type", "Bought" + key, "contact", "external:" + key))
                .expect(200);
        Eventually.holds(() -> segment().path("size").asInt() == 1);

        assertThat(segment().path("lastEvaluation").path("kind").asText()).isEqualTo("first");
        assertThat(segment().path("nextEvaluationAt").isNull()).isFalse();
        assertThat(app.request("POST", "/v1/segments/" + key + "/estimate").body())
                .isEqualTo("{\"count\":1,\"exact\":true}");
        app.request("POST", "/v1/segments/" + key + "/evaluate").expect(202);
        Eventually.holds(() -> app.request("GET", "/v1/segments/" + key + "/evaluations")
                        .json()
                        .path("items")
                        .size()
                == 2);
        app.request("POST", "/v1/segments/" + key + "/stop").expect(202);
        assertThat(segment().path("state").asText()).isEqualTo("stopped");
        app.request("DELETE", "/v1/segments/" + key).expect(204);
        app.request("GET", "/v1/segments/" + key).expect(404);
    }

    private JsonNode segment() {
        return app.request("GET", "/v1/segments/" + key).json();
    }

    @Test
    void a_viewer_may_look_but_not_write() {
        create("PROFILE(contact)");
        var viewer = app.as(Role.VIEWER);

        assertThat(viewer.request("GET", "/v1/segments/" + key, null).status()).isEqualTo(200);
        assertThat(viewer.request("POST", "/v1/segments/" + key + "/go-live", null)
                        .status())
                .isEqualTo(403);
    }

    private Answer create(String query) {
        return app.request(
                "POST",
                "/v1/segments",
                Map.of("key", key, "name", "Everyone", "kind", "dynamic", "timeZone", "Europe/Berlin", "query", query));
    }

    private Answer put(String etag, Object body) {
        return app.admin().with("If-Match", etag).request("PUT", "/v1/segments/" + key, body);
    }

    private Answer members(Object body) {
        return app.request("POST", "/v1/segments/" + key + "/members", body);
    }

    private static String etag(Answer answer) {
        return answer.header("ETag");
    }

    private static void contact(String externalId) {
        app.jdbi()
                .useHandle(handle -> handle.execute(
                        "insert into contact (external_id, created_at, updated_at) values (?, now(), now())",
                        externalId));
    }

    private List<String> outbox() {
        return app.jdbi()
                .withHandle(handle -> handle.createQuery("""
                        select cardinality(joined) || ' ' || cardinality(left_) from membership_change_seen
                        where segment_id = (select id from segment where key = :key)
                        order by seq
                        """)
                        .bind("key", key)
                        .mapTo(String.class)
                        .list());
    }
}
