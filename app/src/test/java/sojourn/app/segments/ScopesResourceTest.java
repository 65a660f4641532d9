package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Business units, and segments limited to them. */
class ScopesResourceTest {

    @RegisterExtension
    static final App app = new App();

    private String key = "";
    private String north = "";
    private String south = "";

    @BeforeEach
    void twoUnits() {
        key = "s" + UUID.randomUUID().toString().replace("-", "");
        north = "n" + key;
        south = "o" + key;
        unit(north, List.of("eve " + key)).expect(201);
        unit(south, List.of()).expect(201);
        contact("ada", north);
        contact("bob", south);
    }

    @Test
    void a_unit_comes_back_as_it_was_written() {
        var read = app.request("GET", "/v1/business-units/" + north).expect(200);

        assertThat(read.json().path("key").asText()).isEqualTo(north);
        assertThat(read.json().path("name").asText()).isEqualTo("Unit");
        assertThat(read.json().path("members").get(0).asText()).isEqualTo("eve " + key);
        assertThat(read.header("ETag")).isNotEmpty();
        assertThat(app.request("GET", "/v1/business-units?q=" + key).json().path("items"))
                .hasSize(2);
        var changed = app.admin()
                .with("If-Match", read.header("ETag"))
                .request("PUT", "/v1/business-units/" + north, Map.of("members", List.of("eve " + key, "pat " + key)))
                .expect(200);
        assertThat(changed.json().path("members")).hasSize(2);
        app.admin()
                .with("If-Match", read.header("ETag"))
                .request("DELETE", "/v1/business-units/" + north)
                .expect(412);
    }

    @Test
    void everything_wrong_with_a_unit_is_said_at_once() {
        var refused = app.request(
                        "PUT",
                        "/v1/business-units/Nope",
                        Map.of("name", " ", "members", List.of("eve " + key, "x", "x", "")))
                .expect(422);

        assertThat(refused.json().path("errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder("/key", "/name", "/members/0", "/members/2", "/members/3");
        app.request("PUT", "/v1/business-units/organization", Map.of()).expect(422);
        app.request("GET", "/v1/business-units/nope").expect(404);
        app.request("DELETE", "/v1/business-units/nope").expect(404);
        app.as(Role.MARKETER)
                .request("PUT", "/v1/business-units/" + north, Map.of())
                .expect(403);
    }

    @Test
    void a_contact_has_a_unit_that_there_is() throws Exception {
        var unknown = app.request(
                        "PUT", "/v1/contacts/external:x" + key, Map.of("businessUnit", north.substring(1) + "x"))
                .expect(422);
        assertThat(unknown.json().at("/errors/0/pointer").asText()).isEqualTo("/businessUnit");
        assertThat(unknown.json().at("/errors/0/code").asText()).isEqualTo("unknown-business-unit");

        var csv = app.admin()
                .with("Content-Type", "text/csv")
                .request(
                        "POST",
                        "/v1/contacts/import",
                        "externalId,businessUnit\nkim" + key + "," + south + "\nlea" + key + ",nope\n")
                .expect(202);
        Eventually.holds(() -> app.request("GET", csv.header("Location")).body().contains("\"succeeded\""));

        assertThat(app.request("GET", csv.header("Location"))
                        .json()
                        .path("problems")
                        .findValuesAsText("code"))
                .containsExactly("unknown-business-unit");
        assertThat(app.request("GET", "/v1/contacts/external:kim" + key)
                        .json()
                        .path("businessUnit")
                        .asText())
                .isEqualTo(south);
        assertThat(count("PROFILE(contact).FILTER(businessUnit == '" + south + "')"))
                .isEqualTo(2);
    }

    @Test
    void a_segment_of_a_unit_has_only_its_contacts() throws Exception {
        segment(Map.of("scope", north)).expect(201);
        goLive();
        assertThat(members()).containsExactly("ada" + key);
        assertThat(app.request("POST", "/v1/segments/" + key + "/estimate")
                        .json()
                        .path("count")
                        .asInt())
                .isEqualTo(1);

        app.request("PATCH", "/v1/contacts/external:bob" + key, Map.of("businessUnit", north))
                .expect(200);
        app.request("PATCH", "/v1/contacts/external:ada" + key, "{\"businessUnit\": null}")
                .expect(200);

        Eventually.holds(() -> members().equals(List.of("bob" + key)));
    }

    @Test
    void a_change_of_the_owners_unit_is_evaluated() throws Exception {
        segment(Map.of("scope", "owner", "owner", "eve " + key)).expect(201);
        goLive();
        assertThat(members()).containsExactly("ada" + key);

        unit(north, List.of()).expect(200);
        unit(south, List.of("eve " + key)).expect(200);

        Eventually.holds(() -> members().equals(List.of("bob" + key)));
        assertThat(app.request("GET", "/v1/segments/" + key)
                        .json()
                        .at("/lastEvaluation/kind")
                        .asText())
                .isEqualTo("scope");
        assertThat(app.request("GET", "/v1/segments/" + key + "/insights")
                        .json()
                        .path("goLives")
                        .findValuesAsText("kind"))
                .as("nobody has changed the segment")
                .containsExactly("first");
    }

    @Test
    void another_owner_is_evaluated_when_the_edit_is_saved() throws Exception {
        unit(south, List.of("pat " + key)).expect(200);
        segment(Map.of("scope", "owner", "owner", "eve " + key)).expect(201);
        goLive();
        assertThat(members()).containsExactly("ada" + key);

        var edit = app.request("POST", "/v1/segments/" + key + "/edit").expect(200);
        var written = app.admin()
                .with("If-Match", edit.header("ETag"))
                .request(
                        "PUT", "/v1/segments/" + key, Map.of("query", query(), "scope", "owner", "owner", "pat " + key))
                .expect(200);
        assertThat(members()).containsExactly("ada" + key);
        app.admin()
                .with("If-Match", written.header("ETag"))
                .request("POST", "/v1/segments/" + key + "/save")
                .expect(202);

        Eventually.holds(() -> members().equals(List.of("bob" + key)));
        assertThat(app.request("GET", "/v1/segments/" + key)
                        .json()
                        .path("owner")
                        .asText())
                .isEqualTo("pat " + key);
    }

    @Test
    void who_did_nothing_are_all_contacts_of_the_scope_inactive_ones_too() throws Exception {
        app.request("PATCH", "/v1/contacts/external:ada" + key, Map.of("state", "inactive"))
                .expect(200);
        var silent = "INTERACTION(FormSubmitted).HAVING(COUNT() == 0)";
        app.request("POST", "/v1/segments", Map.of("key", key, "query", silent, "scope", north))
                .expect(201);

        goLive();

        assertThat(members()).containsExactly("ada" + key);
        app.request(
                        "POST",
                        "/v1/interactions",
                        Map.of("id", "i" + key, "type", "FormSubmitted", "contact", "external:ada" + key))
                .expect(200);
        Eventually.holds(() -> members().isEmpty());
    }

    @Test
    void only_admins_change_the_scope() {
        var marketer = app.as(Role.MARKETER);
        var body = Map.of("key", key, "query", query(), "scope", north);
        marketer.request("POST", "/v1/segments", body).expect(403);
        var made = app.request("POST", "/v1/segments", body).expect(201);

        var renamed = marketer.with("If-Match", made.header("ETag"))
                .request("PUT", "/v1/segments/" + key, Map.of("name", "Other", "query", query()))
                .expect(200);
        assertThat(renamed.json().path("scope").asText()).isEqualTo(north);
        var refused = marketer.with("If-Match", renamed.header("ETag"))
                .request("PUT", "/v1/segments/" + key, Map.of("query", query(), "scope", "organization"))
                .expect(403);
        assertThat(refused.json().path("detail").asText()).contains(north);
    }

    @Test
    void a_scope_that_means_nothing_is_refused() {
        assertThat(segment(Map.of("scope", "nowhere"))
                        .expect(422)
                        .json()
                        .at("/errors/0/pointer")
                        .asText())
                .isEqualTo("/scope");
        assertThat(segment(Map.of("scope", "owner"))
                        .expect(422)
                        .json()
                        .at("/errors/0/pointer")
                        .asText())
                .isEqualTo("/owner");
        assertThat(segment(Map.of("scope", "owner", "owner", "nobody"))
                        .expect(422)
                        .json()
                        .at("/errors/0/code")
                        .asText())
                .isEqualTo("no-business-unit");
    }

    @Test
    void a_unit_in_use_stays() {
        segment(Map.of("scope", north)).expect(201);

        var refused = app.request("DELETE", "/v1/business-units/" + north).expect(409);

        assertThat(refused.json().path("type").asText()).endsWith("in-use");
        assertThat(refused.json().path("detail").asText()).contains("contacts").contains("segment " + key);
        unit("z" + key, List.of()).expect(201);
        app.request("DELETE", "/v1/business-units/z" + key).expect(204);
    }

    private String query() {
        return "PROFILE(contact).FILTER(lastName == '" + key + "')";
    }

    private Answer segment(Map<String, String> more) {
        var body = new java.util.HashMap<String, String>(more);
        body.put("key", key);
        body.put("query", query());
        return app.request("POST", "/v1/segments", body);
    }

    private void goLive() throws InterruptedException {
        app.request("POST", "/v1/segments/" + key + "/go-live").expect(202);
        Eventually.holds(() -> app.request("GET", "/v1/segments/" + key).body().contains("\"state\":\"live\""));
    }

    private int count(String query) {
        var other = "c" + key;
        app.request("POST", "/v1/segments", Map.of("key", other, "query", query))
                .expect(201);
        return app.request("POST", "/v1/segments/" + other + "/estimate")
                .json()
                .path("count")
                .asInt();
    }

    private List<String> members() {
        return app.request("GET", "/v1/segments/" + key + "/members")
                .json()
                .path("items")
                .findValuesAsText("externalId");
    }

    private static Answer unit(String unit, List<String> members) {
        return app.request("PUT", "/v1/business-units/" + unit, Map.of("name", "Unit", "members", members));
    }

    private void contact(String name, String unit) {
        app.request("PUT", "/v1/contacts/external:" + name + key, Map.of("lastName", key, "businessUnit", unit))
                .expect(201);
    }
}
