package sojourn.app.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;

class ApiKeysTest {

    @RegisterExtension
    static final App app = new App();

    @Test
    void a_key_is_shown_once_and_works_at_once() {
        var made = app.request("POST", "/v1/api-keys", Map.of("name", "shop", "role", "admin"))
                .expect(201);

        var key = made.json().get("key").asText();
        assertThat(key).startsWith("sjk_").hasSize(47);
        var read = app.anonymous()
                .withKey(key)
                .request("GET", made.header("Location"))
                .expect(200);
        assertThat(read.json().has("key")).isFalse();
        assertThat(read.json().get("hint").asText()).isEqualTo(key.substring(0, 10));
        assertThat(read.body()).doesNotContain(key);
    }

    @Test
    void the_key_itself_is_not_stored() {
        var key = app.request("POST", "/v1/api-keys", Map.of("name", "shop", "role", "viewer"))
                .json()
                .get("key")
                .asText();

        var rows = app.jdbi()
                .withHandle(handle -> handle.select("select api_key::text from api_key")
                        .mapTo(String.class)
                        .list());

        assertThat(rows).noneMatch(row -> row.contains(key));
    }

    @Test
    void a_revoked_key_is_refused() {
        var made = app.request("POST", "/v1/api-keys", Map.of("name", "shop", "role", "admin"))
                .json();

        app.request("DELETE", "/v1/api-keys/" + made.get("id").asText()).expect(204);

        var refused = app.anonymous().withKey(made.get("key").asText()).request("GET", "/v1/api-keys");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void an_expired_key_is_refused() {
        var keys = new ApiKeys(app.jdbi(), Instant::now);

        var expired = keys.create("old", Role.ADMIN, Instant.now().minus(Duration.ofSeconds(1)), "test");

        assertThat(keys.authenticate(expired.key())).isEmpty();
    }

    @Test
    void after_rotation_the_old_key_stays_until_its_time() {
        var old = app.request("POST", "/v1/api-keys", Map.of("name", "shop", "role", "admin"))
                .json();
        var rotate = "/v1/api-keys/" + old.get("id").asText() + "/rotate";

        var renewed = app.request("POST", rotate).expect(201).json();

        for (var key : new String[] {old.get("key").asText(), renewed.get("key").asText()}) {
            app.anonymous().withKey(key).request("GET", "/v1/api-keys").expect(200);
        }
        app.request("POST", rotate, Map.of("oldValidUntil", Instant.now().toString()))
                .expect(201);
        app.anonymous()
                .withKey(old.get("key").asText())
                .request("GET", "/v1/api-keys")
                .expect(401);
    }

    @Test
    void use_is_noted() {
        var made = app.request("POST", "/v1/api-keys", Map.of("name", "shop", "role", "admin"))
                .json();

        var self = app.anonymous()
                .withKey(made.get("key").asText())
                .request("GET", "/v1/api-keys/" + made.get("id").asText());

        assertThat(self.json().get("lastUsedAt").isNull()).isFalse();
    }

    @Test
    void the_list_is_paged_newest_first() {
        for (var count = 0; count < 3; count++) {
            app.request("POST", "/v1/api-keys", Map.of("name", "shop", "role", "viewer"))
                    .expect(201);
        }

        var first = app.request("GET", "/v1/api-keys?limit=2").json();
        var second = app.request(
                        "GET",
                        "/v1/api-keys?limit=2&cursor=" + first.get("next").asText())
                .expect(200)
                .json();

        assertThat(first.get("items")).hasSize(2);
        assertThat(second.get("items").get(0).get("id").asText())
                .isLessThan(first.get("items").get(1).get("id").asText());
    }
}
