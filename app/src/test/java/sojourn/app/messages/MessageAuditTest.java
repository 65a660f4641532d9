package sojourn.app.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;
import sojourn.testing.Noted;

/** Who did what to messages is in the audit log, and nothing of what they say. */
class MessageAuditTest {

    @RegisterExtension
    static final App app = new App();

    private static Map<String, Object> message(String key, String subject) {
        return Map.of(
                "key", key,
                "channel", "email",
                "purpose", "commercial",
                "from", "eva@shop.example.com",
                "subject", subject,
                "text", "Hello");
    }

    @Test
    void the_life_of_a_message_is_kept_with_the_reasons_given() {
        app.request("POST", "/v1/messages", message("hello", "Hi")).expect(201);
        app.admin()
                .with("If-Match", "\"1\"")
                .request("PUT", "/v1/messages/hello", message("hello", "Hello"))
                .expect(200);
        for (var twice = 0; twice < 2; twice++) {
            app.request("POST", "/v1/messages/hello/go-live", Map.of("reason", "approved"))
                    .expect(200);
        }
        for (var twice = 0; twice < 2; twice++) {
            app.request("POST", "/v1/messages/hello/stop", Map.of("force", true, "reason", "a wrong price"))
                    .expect(200);
        }
        app.request("POST", "/v1/messages/hello/go-live").expect(200);

        assertThat(Noted.about(app, "message", "hello"))
                .containsExactly(
                        Noted.of("created", "{\"channel\": \"email\"}"),
                        Noted.of("edited", "{}"),
                        Noted.of("live", "{\"version\": 1}"),
                        Noted.of("stopped", "{\"force\": true}"),
                        Noted.of("live", "{\"version\": 1}"));
        var entries = Noted.entries(app, "kind=message&thing=hello");
        assertThat(entries)
                .extracting(entry -> entry.path("reason").asText(""))
                .containsExactly("", "a wrong price", "approved", "", "");
        assertThat(entries).allMatch(entry -> entry.path("by").asText().equals("test admin"));
        assertThat(entries.toString()).doesNotContain("eva@shop", "Hello");
    }

    @Test
    void a_deleted_draft_is_kept_and_what_was_refused_is_not() {
        app.request("POST", "/v1/messages", message("draft", "Hi")).expect(201);
        app.request("POST", "/v1/messages", message("draft", "Hi")).expect(409);
        app.request("PUT", "/v1/messages/draft", message("draft", "Hi")).expect(428);
        app.request("POST", "/v1/messages/draft/stop").expect(409);
        app.request("POST", "/v1/messages/draft/go-live", Map.of("reason", "x".repeat(1001)))
                .expect(422);
        app.request("DELETE", "/v1/messages/draft").expect(204);

        assertThat(Noted.about(app, "message", "draft"))
                .extracting(Noted::action)
                .containsExactly("created", "deleted");
    }
}
