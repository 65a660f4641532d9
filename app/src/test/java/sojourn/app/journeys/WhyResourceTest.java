package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** Why a contact did not get a message, as asked over HTTP. */
class WhyResourceTest {

    @RegisterExtension
    static final App app = new App();

    @Test
    void a_blocked_message_says_why_and_a_wrong_question_too() {
        // Without an address: the delivery is blocked at once.
        app.request("PUT", "/v1/contacts/external:ada", "{}").expect(201);
        app.request("POST", "/v1/segments", "{\"key\": \"few\", \"name\": \"Few\", \"kind\": \"static\"}")
                .expect(201);
        app.request("POST", "/v1/messages", """
                {"key": "hello", "channel": "email", "purpose": "commercial", "from": "Shop <shop@example.com>",
                 "subject": "Hello", "text": "Hello"}
                """).expect(201);
        app.request("POST", "/v1/messages/hello/go-live").expect(200);
        app.request("POST", "/v1/journeys", """
                {"key": "greet", "document": {"name": "Greet", "timeZone": "UTC", "audience": {"segments": ["few"]},
                 "start": "hello", "tiles": {
                    "hello": {"type": "email", "message": "hello", "expiry": "P1D", "next": "wait"},
                    "wait": {"type": "waitFor", "duration": "P5D", "next": "again"},
                    "again": {"type": "email", "message": "hello", "expiry": "P1D", "next": null}}}}
                """).expect(201);
        app.request("POST", "/v1/journeys/greet/go-live").expect(202);
        var why = "/v1/journeys/greet/why?contact=external:ada";
        var before = app.request("GET", why).expect(200).json();
        assertThat(before.at("/entry/verdict").asText()).isEqualTo("kept-out");
        assertThat(before.at("/entry/code").asText()).isEqualTo("not-in-audience");

        app.request("POST", "/v1/journeys/greet/enter", Map.of("contact", "external:ada"))
                .expect(201);
        Eventually.holds(
                () -> app.request("GET", why).json().at("/runs/0/tile").asText().equals("wait"));

        var after = app.request("GET", why).expect(200).json();
        assertThat(after.at("/externalId").asText()).isEqualTo("ada");
        assertThat(after.at("/entry/verdict").asText()).isEqualTo("entered");
        assertThat(after.at("/runs/0/deliveries/0/reason").asText()).isEqualTo("no-contact-point");
        assertThat(after.at("/messages/0/state").asText()).isEqualTo("blocked");
        assertThat(after.at("/messages/0/reason").asText()).isEqualTo("no-contact-point");
        assertThat(after.at("/messages/1/state").asText()).isEqualTo("not-reached");
        assertThat(after.at("/messages/1/instead/0/detail").asText()).isEqualTo("The run waits for 5 days at 'wait'");
        app.request("GET", "/v1/journeys/greet/why").expect(422);
        app.request("GET", "/v1/journeys/greet/why?contact=external:nobody").expect(404);
        app.request("GET", "/v1/journeys/nothing/why?contact=external:ada").expect(404);
    }
}
