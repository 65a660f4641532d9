package sojourn.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.delivery.ScriptedProvider;
import sojourn.app.delivery.ScriptedProvider.Answer;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** A journey that writes texts, taps on a phone and calls a webhook, as its users see it, over HTTP alone. */
class ChannelsTest {

    private static final ScriptedProvider provider = new ScriptedProvider();

    @RegisterExtension
    static final App app = new App()
            .with("channels.text.sender", "twilio")
            .with("channels.text.twilio.url", provider.url())
            .with("channels.text.twilio.accountSid", "AC1")
            .with("channels.text.twilio.authToken", "secret")
            .with("channels.text.twilio.from", "+15550100")
            .with("channels.push.sender", "log")
            .with("channels.webhook.allowedNetworks", "127.0.0.1");

    @AfterAll
    static void close() {
        provider.close();
    }

    @BeforeAll
    static void define() {
        app.request("PATCH", "/v1/profile-types/contact", """
                {"attributes": {"pushToken": {"type": "text"}}}
                """).expect(200);
        message("""
                {"key": "short", "channel": "text", "purpose": "commercial", "text": "Hi {{ contact.firstName }}"}
                """);
        message("""
                {"key": "tap", "channel": "push", "purpose": "commercial", "title": "Hi", "body": "{{ contact.firstName }}"}
                """);
        app.request("POST", "/v1/segments", "{\"key\": \"all\", \"name\": \"All\", \"kind\": \"static\"}")
                .expect(201);
        app.request("POST", "/v1/segments/all/go-live").expect(200);
        app.request("POST", "/v1/journeys", """
                {"key": "short-ways", "document": {"audience": {"segments": ["all"]}, "start": "nudge", "tiles": {
                   "nudge": {"type": "text", "message": "short", "expiry": "P1D", "priority": "high", "next": "tap"},
                   "tap": {"type": "push", "message": "tap", "expiry": "P1D", "next": "crm"},
                   "crm": {"type": "webhook", "url": "%s/hooks", "expiry": "P1D", "next": null,
                           "body": {"who": "{{ contact.externalId }}"}}}}}
                """.formatted(provider.url())).expect(201);
        app.request("POST", "/v1/journeys/short-ways/go-live").expect(202);
        provider.answers(request -> request.path().equals("/hooks") ? new Answer(204, "") : new Answer(201, "{}"));
    }

    @Test
    void a_contact_walks_through_texts_push_messages_and_webhooks() {
        enter("ada", "+49 30 1234567", "device-1");
        enter("bob", null, null);

        for (var who : List.of("ada", "bob")) {
            Eventually.holds(
                    who + " is through", () -> run(who).at("/status").asText().equals("completed"));
        }
        assertThat(run("ada").findValuesAsText("state")).containsExactly("sent", "sent", "sent");
        assertThat(run("bob").findValuesAsText("state")).containsExactly("blocked", "blocked", "sent");
        assertThat(provider.requests)
                .extracting(ScriptedProvider.Request::body)
                .filteredOn(body -> body.contains("ada") || body.contains("bob"))
                .containsExactlyInAnyOrder(
                        "To=%2B49301234567&From=%2B15550100&Body=Hi+ada", "{\"who\":\"ada\"}", "{\"who\":\"bob\"}");
        var tiles = app.request("GET", "/v1/journeys/short-ways/insights")
                .expect(200)
                .json()
                .at("/tiles");
        for (var tile : List.of("nudge", "tap")) {
            assertThat(tiles.at("/" + tile + "/sent").asInt()).isEqualTo(1);
            assertThat(tiles.at("/" + tile + "/blocked/byReason/no-contact-point")
                            .asInt())
                    .isPositive();
        }
        assertThat(tiles.at("/crm/sent").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(app.request("GET", "/v1/contacts/external:ada/timeline")
                        .expect(200)
                        .json()
                        .findValuesAsText("type"))
                .contains("TextSent", "PushSent", "WebhookSent");
        assertThat(app.request("GET", "/v1/deliveries?contact=external:ada")
                        .expect(200)
                        .json()
                        .at("/items"))
                .extracting(delivery -> delivery.at("/channel").asText() + " "
                        + delivery.at("/message").asText() + " "
                        + delivery.at("/contactPoint").asText())
                .containsExactly(
                        "webhook null " + provider.url() + "/hooks", "push tap device-1", "text short +49301234567");
        app.request("POST", "/v1/messages/short/stop").expect(409);
        app.request(
                        "POST",
                        "/v1/messages/short/test-send",
                        "{\"contact\": \"external:ada\", \"to\": [\"me@example.com\"]}")
                .expect(422);
    }

    @Test
    void the_phone_number_of_somebody_who_was_erased_gets_no_texts_whoever_has_it_now() {
        app.request("PUT", "/v1/contacts/external:cleo", "{\"externalId\": \"cleo\", \"phone\": \"+49 40 7654321\"}")
                .expect(201);
        app.request("DELETE", "/v1/contacts/external:cleo").expect(204);

        enter("dora", "+49 (0)40 7654-321", null);

        Eventually.holds(
                "dora is through", () -> run("dora").at("/status").asText().equals("completed"));
        assertThat(run("dora").at("/deliveries/0/reason").asText()).isEqualTo("do-not-contact");
    }

    private static void message(String json) {
        var key = app.request("POST", "/v1/messages", json)
                .expect(201)
                .json()
                .at("/key")
                .asText();
        app.request("POST", "/v1/messages/" + key + "/go-live").expect(200);
    }

    private static void enter(String who, @Nullable String phone, @Nullable String token) {
        app.request("PUT", "/v1/contacts/external:" + who, """
                {"externalId": "%1$s", "firstName": "%1$s"%2$s%3$s}
                """.formatted(
                                who,
                                phone == null ? "" : ", \"phone\": \"" + phone + "\"",
                                token == null ? "" : ", \"attributes\": {\"pushToken\": \"" + token + "\"}"))
                .expect(201);
        app.request("POST", "/v1/journeys/short-ways/enter", "{\"contact\": \"external:" + who + "\"}")
                .expect(201);
    }

    private static JsonNode run(String contact) {
        return app.request("GET", "/v1/journeys/short-ways/runs?contact=external:" + contact)
                .expect(200)
                .json()
                .at("/items")
                .path(0);
    }
}
