package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** What live segments ask about cannot be taken from under them. */
class UsedDeclarationsTest {

    @RegisterExtension
    static final App app = new App();

    private String id = "";
    private String key = "";
    private String score = "";
    private String boat = "";
    private String sails = "";

    @BeforeEach
    void declare() {
        id = UUID.randomUUID().toString().replace("-", "");
        key = "s" + id;
        score = "score" + id;
        boat = "boat" + id;
        sails = "sails" + id;
        change("/v1/profile-types/contact", score, "number", 200);
        app.request("POST", "/v1/profile-types", Map.of("key", boat, "attributes", Map.of("length", "number")))
                .expect(201);
        app.request("POST", "/v1/relationships", Map.of("key", sails, "from", "contact", "to", boat))
                .expect(201);
    }

    private String change(String type, String attribute, Object declaration, int status) {
        var attributes = Collections.singletonMap(attribute, declaration.equals("") ? null : declaration);
        return app.request("PATCH", type, Map.of("attributes", attributes))
                .expect(status)
                .body();
    }

    private void create(String segment, String query) {
        app.request("POST", "/v1/segments", Map.of("key", segment, "query", query))
                .expect(201);
    }

    private void goLive(String segment) throws InterruptedException {
        app.request("POST", "/v1/segments/" + segment + "/go-live").expect(202);
        Eventually.holds(
                () -> app.request("GET", "/v1/segments/" + segment).body().contains("\"state\":\"live\""));
    }

    @Test
    void an_attribute_that_a_live_segment_asks_for_stays() throws Exception {
        create(key, "PROFILE(contact).FILTER(" + score + " > 3)");
        create("other" + key, "SEGMENT(" + key + ") EXCEPT PROFILE(contact).FILTER(ISNULL(" + score + "))");
        goLive(key);

        var refused = change("/v1/profile-types/contact", score, "", 409);

        assertThat(refused).contains("in-use", "segment " + key, "segment other" + key + " (draft)");
        app.request("POST", "/v1/segments/" + key + "/stop").expect(202);
        change("/v1/profile-types/contact", score, "", 200);
        assertThat(app.request("POST", "/v1/segments/" + key + "/go-live")
                        .expect(422)
                        .body())
                .contains("unknown-attribute");
    }

    @Test
    void types_attributes_and_relationships_on_a_live_path_stay() throws Exception {
        create(key, "PROFILE(" + boat + ").FILTER(length > 10).TRAVERSE(" + sails + ")");
        goLive(key);

        assertThat(change("/v1/profile-types/" + boat, "length", "", 409)).contains("segment " + key);
        assertThat(app.request("DELETE", "/v1/relationships/" + sails)
                        .expect(409)
                        .body())
                .contains("segment " + key);
        assertThat(app.request("DELETE", "/v1/profile-types/" + boat)
                        .expect(409)
                        .body())
                .contains("relationship " + sails, "segment " + key);
        app.request("POST", "/v1/segments/" + key + "/stop").expect(202);
        change("/v1/profile-types/" + boat, "length", "", 200);
        app.request("DELETE", "/v1/relationships/" + sails).expect(204);
        app.request("DELETE", "/v1/profile-types/" + boat).expect(204);
    }

    @Test
    void an_edit_beside_a_live_segment_counts_and_a_draft_does_not() throws Exception {
        create(key, "PROFILE(contact).FILTER(lastName == 'x')");
        create("other" + key, "PROFILE(contact).FILTER(" + score + " > 3)");
        goLive(key);
        var etag =
                app.request("POST", "/v1/segments/" + key + "/edit").expect(200).header("ETag");
        app.admin()
                .with("If-Match", etag)
                .request(
                        "PUT",
                        "/v1/segments/" + key,
                        Map.of("query", "PROFILE(contact).FILTER(lastName == 'x' && " + score + " == 1)"))
                .expect(200);
        assertThat(change("/v1/profile-types/contact", score, "", 409)).contains("segment " + key);

        app.request("POST", "/v1/segments/" + key + "/discard").expect(200);

        change("/v1/profile-types/contact", score, "", 200);
    }

    @Test
    void options_and_properties_are_only_ever_added() {
        change(
                "/v1/profile-types/contact",
                "tier" + id,
                Map.of("type", "option", "options", new String[] {"a", "b"}),
                200);
        assertThat(change(
                        "/v1/profile-types/contact",
                        "tier" + id,
                        Map.of("type", "option", "options", new String[] {"a"}),
                        422))
                .contains("/attributes/tier" + id);
        app.request(
                        "POST",
                        "/v1/interaction-types",
                        Map.of("key", "Sailed" + id, "properties", Map.of("miles", "number")))
                .expect(201);
        app.request("PATCH", "/v1/interaction-types/Sailed" + id, "{\"properties\": {\"miles\": null}}")
                .expect(422);
        app.request("DELETE", "/v1/interaction-types/Sailed" + id).expect(405);
    }
}
