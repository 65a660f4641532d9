package sojourn.app.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;
import sojourn.testing.Client;

class IdempotencyTest {

    private static final String VISITED = "{\"key\": \"Visited\", \"properties\": {}}";
    private static final String WANTED = "{\"name\": \"shop\", \"role\": \"viewer\"}";

    @RegisterExtension
    static final App app = new App();

    @Test
    void the_same_request_is_answered_the_same_and_done_once() {
        var client = with("once");

        var first = client.request("POST", "/v1/interaction-types", VISITED).expect(201);
        var second = client.request("POST", "/v1/interaction-types", VISITED).expect(201);

        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(second.header("Content-Type")).isEqualTo(first.header("Content-Type"));
        assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void a_secret_is_told_once_and_stored_nowhere() {
        var first = with("secret").request("POST", "/v1/api-keys", WANTED).expect(201);
        var second = with("secret").request("POST", "/v1/api-keys", WANTED).expect(201);

        var told = (ObjectNode) first.json();
        var secret = told.remove("key").asText();
        String stored = app.jdbi()
                .withHandle(handle -> handle.select(
                                "select convert_from(body, 'UTF8') from idempotent_request where key = 'secret'")
                        .mapTo(String.class)
                        .one());
        assertThat(second.json().toString()).isEqualTo(told.toString());
        assertThat(stored).contains(told.get("id").asText()).doesNotContain(secret);
    }

    @Test
    void a_stored_answer_survives_a_restart() throws Exception {
        var first = with("restart").request("POST", "/v1/api-keys", "{}").expect(422);

        app.stop();
        app.start();

        assertThat(with("restart").request("POST", "/v1/api-keys", "{}").body()).isEqualTo(first.body());
    }

    @Test
    void another_body_under_the_same_key_is_refused() {
        with("other").request("POST", "/v1/api-keys", WANTED).expect(201);

        var refused = with("other").request("POST", "/v1/api-keys", WANTED.replace("shop", "till"));

        assertThat(refused.expect(422).json().get("type").asText()).endsWith("idempotency-key-reused");
    }

    @Test
    void an_error_is_stored_too() {
        var first = with("error").request("POST", "/v1/api-keys", "{}").expect(422);

        assertThat(with("error").request("POST", "/v1/api-keys", "{}").body()).isEqualTo(first.body());
    }

    @Test
    void a_request_still_running_is_said_and_taken_over_when_its_process_died() {
        with("running").request("POST", "/v1/api-keys", WANTED).expect(201);
        app.jdbi()
                .useHandle(handle -> handle.execute("update idempotent_request set status = null,"
                        + " leased_until = clock_timestamp() + interval '1 minute' where key = 'running'"));

        var running = with("running").request("POST", "/v1/api-keys", WANTED);
        app.jdbi()
                .useHandle(handle -> handle.execute("update idempotent_request set"
                        + " leased_until = clock_timestamp() - interval '1 second' where key = 'running'"));

        assertThat(running.expect(409).json().get("type").asText()).endsWith("still-running");
        with("running").request("POST", "/v1/api-keys", WANTED).expect(201);
    }

    @Test
    void a_database_that_goes_away_in_the_middle_is_said_as_ever() {
        app.jdbi().useHandle(handle -> {
            handle.execute("""
                    create function away() returns trigger language plpgsql as
                    $$begin raise exception 'shutting down' using errcode = '57P01'; end$$
                    """);
            handle.execute("create trigger away before insert on api_key execute function away()");
            handle.execute("create trigger away before delete on idempotent_request execute function away()");
        });

        var answer = with("away").request("POST", "/v1/api-keys", WANTED);
        app.jdbi().useHandle(handle -> handle.execute("drop function away cascade"));

        assertThat(answer.expect(503).json().get("type").asText()).endsWith("unavailable");
    }

    @Test
    void callers_do_not_share_keys() {
        with("shared").request("POST", "/v1/api-keys", WANTED).expect(201);

        var other = app.as("admin").with("Idempotency-Key", "shared").request("POST", "/v1/api-keys", "{}");

        assertThat(other.status()).isEqualTo(422);
        assertThat(other.header("Idempotent-Replayed")).isEmpty();
    }

    private static Client with(String key) {
        return app.admin().with("Idempotency-Key", key);
    }
}
