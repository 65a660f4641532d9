package sojourn.app.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Answer;
import sojourn.testing.App;
import sojourn.testing.Client;

class RequestLimitsTest {

    private static volatile Instant now = Instant.parse("2026-11-20T17:03:00Z");

    @RegisterExtension
    static final App app =
            new App(() -> now).with("limits.requestsPerSecond", "2").with("limits.requestsAtOnce", "3");

    @Test
    void answers_say_what_is_left() {
        var client = app.as(Role.VIEWER);

        var first = read(client).expect(200);
        var second = read(client).expect(200);

        assertThat(first.header("RateLimit-Policy")).isEqualTo("\"requests\";q=3;w=2");
        assertThat(first.header("RateLimit")).isEqualTo("\"requests\";r=2;t=1");
        assertThat(second.header("RateLimit")).isEqualTo("\"requests\";r=1;t=1");
        assertThat(second.header("Retry-After")).isEmpty();
    }

    @Test
    void one_too_many_is_refused_until_time_has_passed() {
        var client = app.as(Role.VIEWER);
        for (var count = 0; count < 3; count++) {
            read(client).expect(200);
        }

        var refused = read(client).expect(429);
        now = now.plus(Duration.ofSeconds(1));

        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(refused.json().get("type").asText()).isEqualTo("urn:sojourn:problem:too-many-requests");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(refused.header("RateLimit")).isEqualTo("\"requests\";r=0;t=2");
        read(client).expect(200);
        read(client).expect(200);
        read(client).expect(429);
    }

    @Test
    void each_key_has_its_own_and_what_is_open_has_none() {
        var client = app.as(Role.VIEWER);
        for (var count = 0; count < 3; count++) {
            read(client);
        }
        read(client).expect(429);

        read(app.as(Role.VIEWER)).expect(200);
        for (var count = 0; count < 5; count++) {
            var open = client.request("GET", "/healthz").expect(200);
            assertThat(open.header("RateLimit")).isEmpty();
        }
    }

    @Test
    void what_a_role_may_not_counts_too() {
        var client = app.as(Role.VIEWER);
        for (var count = 0; count < 3; count++) {
            client.request("GET", "/v1/api-keys").expect(403);
        }

        client.request("GET", "/v1/api-keys").expect(429);
    }

    @Test
    void none_a_second_is_no_limit() {
        assertThat(new RequestLimits(0, 1, () -> now).limit()).isFalse();
        assertThat(new RequestLimits(1, 1, () -> now).limit()).isTrue();
    }

    private static Answer read(Client client) {
        return client.request("GET", "/v1/segments");
    }
}
