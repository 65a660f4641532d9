package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** Scopes are switched off while segments have some. */
class ScopesOffTest {

    @RegisterExtension
    static final App app = new App();

    @Test
    void segments_have_everybody_and_are_to_be_evaluated_anew() throws Exception {
        app.request("PUT", "/v1/business-units/north", Map.of()).expect(201);
        app.request("PUT", "/v1/contacts/external:ada", Map.of("businessUnit", "north"))
                .expect(201);
        app.request("PUT", "/v1/contacts/external:bob", Map.of()).expect(201);
        app.request("POST", "/v1/segments", Map.of("key", "all", "query", "PROFILE(contact)", "scope", "north"))
                .expect(201);
        app.request("POST", "/v1/segments/all/go-live").expect(202);
        Eventually.holds(() -> members().equals(List.of("ada")));

        app.stop();
        app.with("segments.scopes", "false").start();

        assertThat(estimate()).isEqualTo(2);
        assertThat(changesOfScope()).isEqualTo(1);
        var refused = app.request(
                        "POST", "/v1/segments", Map.of("key", "b", "query", "PROFILE(contact)", "scope", "north"))
                .expect(422);
        assertThat(refused.json().at("/errors/0/code").asText()).isEqualTo("scopes-off");
        app.request("POST", "/v1/segments/all/edit").expect(200);
        var read = app.request("GET", "/v1/segments/all");
        app.admin()
                .with("If-Match", read.header("ETag"))
                .request(
                        "PUT", "/v1/segments/all", Map.of("name", "All", "query", "PROFILE(contact)", "scope", "north"))
                .expect(200);
    }

    private static int estimate() {
        return app.request("POST", "/v1/segments/all/estimate")
                .json()
                .path("count")
                .asInt();
    }

    /** For how many changes of its scope the segment is still to be evaluated. */
    private static int changesOfScope() {
        return app.jdbi()
                .withHandle(
                        handle -> handle.createQuery("select rescoped from segment where next_evaluation_at <= now()")
                                .mapTo(Integer.class)
                                .one());
    }

    private static List<String> members() {
        return app.request("GET", "/v1/segments/all/members")
                .json()
                .path("items")
                .findValuesAsText("externalId");
    }
}
