package sojourn.app.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Answer;
import sojourn.testing.App;

/** Whatever goes wrong, and wherever, the answer is a problem. */
class ProblemsTest {

    @RegisterExtension
    static final App app = new App().with("limits.body", "1KiB");

    @Test
    void an_unknown_path_is_not_found() {
        var problem = problem(app.request("GET", "/nowhere/at/all"), 404, "not-found");

        assertThat(problem.json().get("instance").asText()).isEqualTo("/nowhere/at/all");
    }

    @Test
    void a_wrong_method_is_told_what_is_allowed() {
        var problem = problem(app.request("PUT", "/v1/api-keys", "{}"), 405, "method-not-allowed");

        assertThat(problem.header("Allow")).contains("GET", "POST");
    }

    @Test
    void what_cannot_be_accepted_is_said() {
        problem(app.admin().with("Accept", "text/turtle").request("GET", "/v1/api-keys"), 406, "not-acceptable");
    }

    @Test
    void another_media_type_is_not_supported() {
        var xml = app.admin().with("Content-Type", "application/xml");

        problem(xml.request("POST", "/v1/api-keys", "<key/>"), 415, "unsupported-media-type");
    }

    @Test
    void a_query_parameter_that_is_not_known_is_not_passed_over() {
        var unknown = problem(app.request("GET", "/v1/segments?stat=live&limt=5"), 422, "invalid");
        assertThat(unknown.json().at("/errors/0/detail").asText()).contains("did you mean `limit`?");
        assertThat(unknown.json().at("/errors/1/detail").asText()).contains("did you mean `state`?");

        var misread = problem(app.request("DELETE", "/v1/segments/nobody?force=yes"), 422, "invalid");
        assertThat(misread.json().at("/errors/0/detail").asText()).isEqualTo("`force` is one of true, false");
        // Whoever may not ask is told that alone, and pages that anybody may open take what mail programs add.
        problem(app.anonymous().request("GET", "/v1/segments?stat=live"), 401, "unauthenticated");
        app.anonymous().request("GET", "/docs?utm_source=mail").expect(200);
    }

    @Test
    void what_is_not_json_has_its_place() {
        var problem = problem(app.request("POST", "/v1/api-keys", "{\"name\":\n oops}"), 400, "malformed-request");

        var error = problem.json().get("errors").get(0);
        assertThat(error.get("line").asInt()).isEqualTo(2);
        assertThat(error.get("column").asInt()).isPositive();
        assertThat(problem.body()).doesNotContain("jackson").doesNotContain("StreamReadFeature");
    }

    @Test
    void a_missing_body_is_said() {
        problem(app.request("POST", "/v1/api-keys"), 400, "malformed-request");
        problem(app.request("POST", "/v1/api-keys", "null"), 400, "malformed-request");
        problem(app.request("POST", "/v1/api-keys", "  "), 400, "malformed-request");
    }

    @Test
    void all_faults_of_a_body_are_told_at_once() {
        var body = "{\"nmae\": \"shop\", \"role\": 5, \"expiresAt\": \"tomorrow\", \"a/b\": {\"c\": 1}}";

        var problem = problem(app.request("POST", "/v1/api-keys", body), 422, "invalid");

        assertThat(problem.json().get("errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder("/nmae", "/role", "/expiresAt", "/a~1b");
        assertThat(problem.body()).contains("did you mean `name`?");
    }

    @Test
    void all_violations_are_told_at_once() {
        var problem = problem(app.request("POST", "/v1/api-keys", "{\"role\": \"king\"}"), 422, "invalid");

        assertThat(problem.json().get("errors").findValuesAsText("pointer")).containsExactly("/name", "/role");
    }

    @Test
    void a_body_of_another_kind_is_not_valid() {
        problem(app.request("POST", "/v1/api-keys", "[1]"), 422, "invalid");
        problem(app.request("POST", "/v1/api-keys", "\"text\""), 422, "invalid");
    }

    @Test
    void a_name_given_twice_is_refused() {
        problem(
                app.request("POST", "/v1/api-keys", "{\"name\": \"a\", \"name\": \"b\", \"role\": \"admin\"}"),
                400,
                "malformed-request");
    }

    @Test
    void text_that_cannot_be_stored_is_refused() {
        var body = "{\"name\": \"a\\u0000b\", \"role\": \"admin\"}";

        var problem = problem(app.request("POST", "/v1/api-keys", body), 422, "invalid");

        assertThat(problem.json().get("errors").get(0).get("pointer").asText()).isEqualTo("/name");
        problem(app.request("POST", "/v1/api-keys", body.replace("u0000", "ud800")), 422, "invalid");
        problem(app.request("GET", "/v1/api-keys?cursor=%00"), 422, "invalid");
    }

    @Test
    void a_body_over_the_limit_is_refused() {
        var body = "{\"name\": \"" + "a".repeat(2000) + "\", \"role\": \"admin\"}";

        problem(app.request("POST", "/v1/api-keys", body), 413, "too-large");
    }

    @Test
    void a_parameter_that_cannot_be_read_is_named() {
        var problem = problem(app.request("GET", "/v1/api-keys?limit=many"), 422, "invalid");

        assertThat(problem.json().get("errors").get(0).get("pointer").asText()).isEqualTo("/limit");
        problem(app.request("GET", "/v1/api-keys?cursor=abc"), 422, "invalid");
        problem(app.request("GET", "/v1/api-keys/not-a-uuid"), 404, "not-found");
    }

    @Test
    void what_may_be_chosen_is_said() {
        var state = problem(app.request("GET", "/v1/journeys?state=lively"), 422, "invalid");
        assertThat(state.json().get("errors").get(0).get("pointer").asText()).isEqualTo("/state");
        assertThat(state.body()).contains("`state` is one of draft, goingLive, live");

        var tile = "{\"key\": \"a\", \"document\": {\"tiles\": {\"b\": {\"type\": \"fax\"}}}}";
        assertThat(problem(app.request("POST", "/v1/journeys", tile), 422, "invalid")
                        .body())
                .contains("the types are email, text, push");
    }

    @Test
    void a_key_is_asked_for() {
        var problem = problem(app.anonymous().request("GET", "/v1/api-keys"), 401, "unauthenticated");

        assertThat(problem.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"sojourn\"");
    }

    @Test
    void a_request_that_jetty_cannot_read_is_a_problem_too() throws IOException {
        assertThat(raw("NONSENSE\r\n\r\n")).startsWith("HTTP/1.1 400").contains("application/problem+json");
        assertThat(raw("GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + "x".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431")
                .contains("application/problem+json");
        assertThat(raw("GET /v1/%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json");
    }

    private static Answer problem(Answer answer, int status, String type) {
        answer.expect(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().get("type").asText()).isEqualTo("urn:sojourn:problem:" + type);
        assertThat(answer.json().get("status").asInt()).isEqualTo(status);
        assertThat(answer.json().get("traceId").asText()).isNotEmpty();
        return answer;
    }

    private static String raw(String request) throws IOException {
        var url = URI.create(app.url());
        try (var socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
