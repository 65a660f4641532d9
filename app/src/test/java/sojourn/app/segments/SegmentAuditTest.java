package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Answer;
import sojourn.testing.App;
import sojourn.testing.Eventually;
import sojourn.testing.Noted;

/** Who did what to segments and their templates is in the audit log; queries and members are not. */
class SegmentAuditTest {

    private static final String QUERY = "PROFILE(contact).FILTER(lastName == 'Lovelace')";

    @RegisterExtension
    static final App app = new App();

    private String key = "";

    @BeforeEach
    void newKey() {
        key = "s" + UUID.randomUUID().toString().replace("-", "");
    }

    @Test
    void the_life_of_a_dynamic_segment_is_kept() throws Exception {
        var first = key + "a";
        app.request("POST", "/v1/segments", Map.of("key", first, "query", QUERY))
                .expect(201);
        put(first, Map.of("key", key, "name", "Renamed", "query", QUERY));
        verb("go-live", Map.of("reason", "approved")).expect(202);
        Eventually.holds(() -> segment().path("state").asText().equals("live"));
        verb("go-live", Map.of()).expect(200);
        verb("edit").expect(200);
        verb("edit").expect(200);
        put(key, Map.of("name", "Another", "query", QUERY));
        verb("discard").expect(200);
        verb("discard").expect(200);
        verb("edit").expect(200);
        put(key, Map.of("name", "A third", "query", QUERY));
        verb("save").expect(200);
        verb("evaluate").expect(202);
        verb("stop", Map.of("force", true, "reason", "over")).expect(202);
        verb("stop", Map.of()).expect(200);
        app.request("DELETE", "/v1/segments/" + key).expect(204);

        assertThat(Noted.about(app, "segment", first))
                .containsExactly(
                        Noted.of("created", "{\"kind\": \"dynamic\"}"),
                        Noted.of("renamed", "{\"to\": \"" + key + "\"}"));
        assertThat(Noted.about(app, "segment", key))
                .containsExactly(
                        Noted.of("edited", "{\"beside\": false}"),
                        Noted.of("live", "{}"),
                        Noted.of("edit-begun", "{}"),
                        Noted.of("edited", "{\"beside\": true}"),
                        Noted.of("discarded", "{}"),
                        Noted.of("edit-begun", "{}"),
                        Noted.of("edited", "{\"beside\": true}"),
                        Noted.of("saved", "{}"),
                        Noted.of("evaluated", "{}"),
                        Noted.of("stopped", "{\"force\": true}"),
                        Noted.of("deleted", "{\"force\": false}"));
        var entries = Noted.entries(app, "kind=segment&thing=" + key);
        assertThat(entries.get(1).path("reason").asText()).isEqualTo("over");
        assertThat(entries.get(9).path("reason").asText()).isEqualTo("approved");
        assertThat(entries.toString()).doesNotContain("Lovelace");
    }

    @Test
    void all_segments_evaluated_at_once_are_one_entry() throws Exception {
        app.request("POST", "/v1/segments", Map.of("key", key, "query", QUERY)).expect(201);
        verb("go-live").expect(202);
        Eventually.holds(() -> segment().path("state").asText().equals("live"));

        app.request("POST", "/v1/segments/evaluate").expect(202);

        var noted = Noted.about(app, "segment", "*");
        assertThat(noted).extracting(Noted::action).containsExactly("evaluated");
        assertThat(noted.getFirst().details().path("segments").asInt()).isPositive();
    }

    @Test
    void members_are_counted_however_they_were_picked() throws Exception {
        contacts();
        app.request("POST", "/v1/segments", Map.of("key", key, "kind", "static"))
                .expect(201);
        var add = List.of("external:" + key + "1", "external:" + key + "2");
        for (var twice = 0; twice < 2; twice++) {
            app.request("POST", "/v1/segments/" + key + "/members", Map.of("add", add))
                    .expect(200);
        }
        var imported = job(upload("POST", "/members/import?action=remove", "externalId\n" + key + "1\n" + key + "9\n"));
        var found = ask("PROFILE(contact).FILTER(lastName == '" + key + "')");
        act(found, "add", "all");
        act(found, "remove", List.of("external:" + key + "3"));

        assertThat(Noted.about(app, "segment", key))
                .containsExactly(
                        Noted.of("created", "{\"kind\": \"static\"}"),
                        Noted.of("members-changed", "{\"how\": \"hand\", \"joined\": 2, \"left\": 0}"),
                        Noted.of(
                                "members-changed",
                                "{\"how\": \"import\", \"joined\": 0, \"left\": 1, \"job\": \"" + imported + "\"}"),
                        Noted.of("members-changed", "{\"how\": \"query\", \"joined\": 2, \"left\": 0}"),
                        Noted.of("members-changed", "{\"how\": \"query\", \"joined\": 0, \"left\": 1}"));
        var byJob = Noted.entries(app, "kind=segment&thing=" + key).get(2);
        assertThat(byJob.path("by").asText()).isEqualTo("test admin");
        assertThat(byJob.path("keyId").isTextual()).isTrue();
    }

    @Test
    void a_large_result_is_one_entry_of_its_job() throws Exception {
        app.jdbi().useHandle(handle -> handle.execute("""
                insert into contact (external_id, last_name, folded, created_at, updated_at)
                select ? || n, ?, jsonb_build_object('lastName', ?), now(), now() from generate_series(1, 10001) as n
                """, key, key, key));
        app.request("POST", "/v1/segments", Map.of("key", key, "kind", "static"))
                .expect(201);

        var job = job(act(ask("PROFILE(contact).FILTER(lastName == '" + key + "')"), "add", "all"));

        assertThat(Noted.about(app, "segment", key))
                .contains(Noted.of(
                        "members-changed",
                        "{\"how\": \"query\", \"joined\": 10001, \"left\": 0, \"job\": \"" + job + "\"}"))
                .hasSize(2);
    }

    @Test
    void what_an_outside_system_sends_is_one_entry_a_job() throws Exception {
        contacts();
        app.request("POST", "/v1/segments", Map.of("key", key, "kind", "static", "external", Map.of("source", "crm")))
                .expect(201);
        var replaced = job(upload("PUT", "/members/external", "externalId\n" + key + "1\n" + key + "2\n"));
        var again = job(upload("PUT", "/members/external", "externalId\n" + key + "1\n" + key + "2\n"));

        assertThat(Noted.about(app, "segment", key))
                .containsExactly(
                        Noted.of("created", "{\"kind\": \"static\"}"),
                        Noted.of(
                                "members-changed",
                                "{\"how\": \"external\", \"joined\": 2, \"left\": 0, \"job\": \"" + replaced + "\"}"));
        assertThat(again).isNotEqualTo(replaced);
    }

    @Test
    void what_a_segment_was_made_from_is_kept_and_so_are_templates() {
        app.request("POST", "/v1/segments", Map.of("key", key, "query", QUERY)).expect(201);
        app.request("POST", "/v1/segments/" + key + "/copy", Map.of("key", key + "c"))
                .expect(201);
        app.admin()
                .with("Content-Type", "text/plain")
                .request("POST", "/v1/segments/import", "-- key: " + key + "t\n" + QUERY)
                .expect(201);
        app.request("POST", "/v1/segments/" + key + "/save-as-template", Map.of("key", key, "name", "Mine"))
                .expect(201);
        app.request("POST", "/v1/segments/" + key + "/save-as-template", Map.of("key", key, "name", "Mine"))
                .expect(409);
        app.request("POST", "/v1/segments/from-template", Map.of("template", key, "key", key + "f"))
                .expect(201);
        app.request("DELETE", "/v1/segment-templates/" + key).expect(204);
        app.request("DELETE", "/v1/segment-templates/" + key).expect(404);

        var made = "{\"kind\": \"dynamic\", \"from\": \"%s\", \"of\": \"" + key + "\"}";
        assertThat(Noted.about(app, "segment", key + "c")).containsExactly(Noted.of("created", made.formatted("copy")));
        assertThat(Noted.about(app, "segment", key + "t"))
                .containsExactly(Noted.of("created", "{\"kind\": \"dynamic\", \"from\": \"text\"}"));
        assertThat(Noted.about(app, "segment", key + "f"))
                .containsExactly(Noted.of("created", made.formatted("template")));
        assertThat(Noted.about(app, "segment-template", key))
                .containsExactly(Noted.of("created", "{\"segment\": \"" + key + "\"}"), Noted.of("deleted", "{}"));
    }

    private void contacts() {
        for (var number = 1; number <= 3; number++) {
            app.request("PUT", "/v1/contacts/external:" + key + number, Map.of("lastName", key))
                    .expect(201);
        }
    }

    private JsonNode segment() {
        return app.request("GET", "/v1/segments/" + key).expect(200).json();
    }

    private void put(String reference, Map<String, Object> definition) {
        var etag = app.request("GET", "/v1/segments/" + reference).header("ETag");
        app.admin()
                .with("If-Match", etag)
                .request("PUT", "/v1/segments/" + reference, definition)
                .expect(200);
    }

    private Answer verb(String verb) {
        return app.request("POST", "/v1/segments/" + key + "/" + verb);
    }

    private Answer verb(String verb, Object body) {
        return app.request("POST", "/v1/segments/" + key + "/" + verb, body);
    }

    private Answer upload(String method, String path, String table) {
        return app.admin().with("Content-Type", "text/csv").request(method, "/v1/segments/" + key + path, table);
    }

    private String ask(String query) {
        return app.request("POST", "/v1/segments/" + key + "/members/query", Map.of("query", query))
                .expect(201)
                .json()
                .path("id")
                .asText();
    }

    private Answer act(String result, String action, Object contacts) {
        var path = "/v1/segments/" + key + "/members/query/" + result + "/" + action;
        return app.request("POST", path, Map.of("contacts", contacts));
    }

    /** The id of a job that was accepted and has ended. */
    private static String job(Answer accepted) throws Exception {
        var job = accepted.expect(202).json().path("id").asText();
        Eventually.holds(() ->
                !app.request("GET", "/v1/jobs/" + job).json().path("endedAt").isNull());
        return job;
    }
}
