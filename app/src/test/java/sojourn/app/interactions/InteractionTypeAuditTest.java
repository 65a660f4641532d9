package sojourn.app.interactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;
import sojourn.testing.Noted;

/** Who declared what of interactions is in the audit log. */
class InteractionTypeAuditTest {

    @RegisterExtension
    static final App app = new App();

    @Test
    void what_was_added_and_changed_is_kept_by_name() {
        app.request(
                        "POST",
                        "/v1/interaction-types",
                        "{\"key\": \"Bought\", \"properties\": {\"amount\": \"number\","
                                + " \"how\": {\"type\": \"option\", \"options\": [\"card\"]}}}")
                .expect(201);
        for (var twice = 0; twice < 2; twice++) {
            app.request(
                            "PATCH",
                            "/v1/interaction-types/Bought",
                            "{\"properties\": {\"shop\": \"text\", \"amount\": \"number\","
                                    + " \"how\": {\"type\": \"option\", \"options\": [\"card\", \"cash\"]}}}")
                    .expect(200);
        }
        app.request("POST", "/v1/interaction-types", Map.of("key", "Bought")).expect(409);

        assertThat(Noted.about(app, "interaction-type", "Bought"))
                .containsExactly(
                        Noted.of("created", "{\"added\": [\"amount\", \"how\"]}"),
                        Noted.of("changed", "{\"added\": [\"shop\"], \"changed\": [\"how\"]}"));
    }
}
