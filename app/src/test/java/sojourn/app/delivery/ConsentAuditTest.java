package sojourn.app.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;
import sojourn.testing.Noted;

/** Who set a consent over the API is in the audit log; for which contact point is not. */
class ConsentAuditTest {

    @RegisterExtension
    static final App app = new App();

    private static void say(String state) {
        var word = Map.of("purpose", "commercial", "state", state, "source", "rang from 0123456");
        app.request("PUT", "/v1/contacts/external:ada/consents", Map.of("items", List.of(word)))
                .expect(200);
    }

    @Test
    void each_word_that_changes_something_is_kept() {
        app.request("PUT", "/v1/contacts/external:ada", "{\"email\": \"ada@example.com\"}")
                .expect(201);
        var ada = app.request("GET", "/v1/contacts/external:ada")
                .json()
                .path("id")
                .asText();

        say("out");
        say("in");
        say("notSet");
        say("notSet");

        assertThat(Noted.about(app, "consent", ada))
                .containsExactly(
                        Noted.of("withdrawn", "{\"purpose\": \"commercial\", \"state\": \"out\"}"),
                        Noted.of("set", "{\"purpose\": \"commercial\", \"state\": \"in\"}"),
                        Noted.of("set", "{\"purpose\": \"commercial\", \"state\": \"notSet\"}"));
        var entries = Noted.entries(app, "contactId=" + ada);
        assertThat(entries).hasSize(3);
        assertThat(entries.toString()).doesNotContain("ada@example.com", "0123456");
    }
}
