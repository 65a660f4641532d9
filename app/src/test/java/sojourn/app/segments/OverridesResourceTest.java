package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.security.Role;
import sojourn.testing.App;
import sojourn.testing.Eventually;

class OverridesResourceTest {

    @RegisterExtension
    static final App app = new App();

    private String key = "";
    private String overrides = "";

    @BeforeEach
    void newSegment() {
        key = "s" + UUID.randomUUID().toString().replace("-", "");
        overrides = "/v1/segments/" + key + "/overrides";
        var query = "PROFILE(contact).FILTER(firstName == 'Ada' && lastName == '" + key + "')";
        app.request("POST", "/v1/segments", Map.of("key", key, "query", query)).expect(201);
        contact("ada", "Ada");
        contact("bob", "Bob");
    }

    @Test
    void a_live_segment_follows_within_a_second() throws Exception {
        app.request("POST", "/v1/segments/" + key + "/go-live").expect(202);
        Eventually.holds(() -> members().equals(List.of("ada" + key)));

        app.request("PUT", overrides + "/external:ada" + key, Map.of("kind", "exclude", "reason", "a friend"))
                .expect(201);
        app.request("PUT", overrides + "/external:bob" + key, Map.of("kind", "include"))
                .expect(201);
        var began = System.nanoTime();
        Eventually.holds(() -> members().equals(List.of("bob" + key)));
        assertThat(System.nanoTime() - began).isLessThan(5_000_000_000L);

        app.request("DELETE", overrides + "/external:ada" + key).expect(204);
        Eventually.holds(() -> members().equals(List.of("ada" + key, "bob" + key)));
        assertThat(app.request("POST", "/v1/segments/" + key + "/estimate").body())
                .isEqualTo("{\"count\":2,\"exact\":true}");
    }

    @Test
    void who_when_and_why_are_shown() {
        var made = app.request(
                        "PUT", overrides + "/external:ada" + key, Map.of("kind", "exclude", "reason", "asked by phone"))
                .expect(201);
        app.request("PUT", overrides + "/external:bob" + key, Map.of("kind", "include"))
                .expect(201);

        var all = app.request("GET", overrides).json().path("items");
        var excluded = app.request("GET", overrides + "?kind=exclude").json().path("items");
        var ofBob =
                app.request("GET", overrides + "?contact=external:bob" + key).json();
        var first = app.request("GET", overrides + "?limit=1").json();
        var second = app.request(
                        "GET",
                        overrides + "?limit=1&cursor=" + first.path("next").asText())
                .json();

        assertThat(made.header("ETag")).isNotEmpty();
        assertThat(all).hasSize(2);
        assertThat(excluded).hasSize(1);
        assertThat(excluded.get(0)).isEqualTo(made.json());
        assertThat(excluded.get(0).path("externalId").asText()).isEqualTo("ada" + key);
        assertThat(excluded.get(0).path("reason").asText()).isEqualTo("asked by phone");
        assertThat(excluded.get(0).path("by").asText()).isEqualTo("test admin");
        assertThat(excluded.get(0).path("at").asText()).isNotEmpty();
        assertThat(ofBob.at("/items/0/kind").asText()).isEqualTo("include");
        assertThat(second.at("/items/0/externalId").asText()).isEqualTo("bob" + key);
        assertThat(second.path("next").isNull()).isTrue();
    }

    @Test
    void a_decision_may_be_changed() {
        app.request("PUT", overrides + "/external:ada" + key, Map.of("kind", "exclude", "reason", "no"))
                .expect(201);

        var changed = app.request("PUT", overrides + "/external:ada" + key, Map.of("kind", "include"))
                .expect(200);

        assertThat(changed.json().path("kind").asText()).isEqualTo("include");
        assertThat(changed.json().path("reason").isNull()).isTrue();
        assertThat(app.request("GET", overrides).json().path("items")).hasSize(1);
    }

    @Test
    void an_erased_contact_leaves_no_reason_behind() {
        app.request("PUT", overrides + "/external:ada" + key, Map.of("kind", "exclude", "reason", "Ada's own wish"))
                .expect(201);

        app.request("DELETE", "/v1/contacts/external:ada" + key).expect(204);

        assertThat(app.request("GET", overrides).json().path("items")).isEmpty();
        var left = app.jdbi()
                .withHandle(
                        handle -> handle.createQuery("select reason from segment_override where reason like '%wish%'")
                                .mapTo(String.class)
                                .list());
        assertThat(left).isEmpty();
    }

    @Test
    void what_does_not_fit_is_refused_with_what_would() {
        app.request("PUT", overrides + "/external:nobody", Map.of("kind", "include"))
                .expect(404);
        app.request("DELETE", overrides + "/external:ada" + key).expect(404);
        app.request("PUT", overrides + "/external:ada" + key, Map.of("kind", "maybe"))
                .expect(422);
        app.request("PUT", overrides + "/external:ada" + key, Map.of("reason", "x"))
                .expect(422);
        app.request("PUT", overrides + "/external:ada" + key, Map.of("kind", "include", "reason", "x".repeat(1001)))
                .expect(422);
        app.request("PUT", overrides + "/external:ada" + key, "{\"kind\": \"include\", \"reason\": \"\\u0000\"}")
                .expect(422);
        app.request("GET", overrides + "?kind=maybe").expect(422);
        app.request("GET", overrides + "?cursor=nonsense").expect(422);
        app.as(Role.VIEWER)
                .request("PUT", overrides + "/external:ada" + key, Map.of("kind", "include"))
                .expect(403);

        app.request("POST", "/v1/segments", Map.of("key", key + "s", "kind", "static"))
                .expect(201);
        var refused = app.request(
                        "PUT", "/v1/segments/" + key + "s/overrides/external:ada" + key, Map.of("kind", "include"))
                .expect(409);
        assertThat(refused.json().path("detail").asText()).contains("POST /v1/segments/" + key + "s/members");
    }

    private List<String> members() {
        return app.request("GET", "/v1/segments/" + key + "/members")
                .json()
                .path("items")
                .findValuesAsText("externalId");
    }

    private void contact(String name, String firstName) {
        app.request("PUT", "/v1/contacts/external:" + name + key, Map.of("firstName", firstName, "lastName", key))
                .expect(201);
    }
}
