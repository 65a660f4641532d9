package sojourn.app.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;

class MessagesResourceTest {

    @RegisterExtension
    static final App app = new App();

    @Test
    void a_message_is_written_shown_changed_and_brought_live() {
        var created = app.request("POST", "/v1/messages", """
                {"key": "we-miss-you", "channel": "email", "purpose": "commercial", "from": "Shop <shop@example.com>",
                 "subject": "{{ contact.firstName | default: 'Hello' }}, we miss you",
                 "html": "<p>... <a href=\\"https://shop.example.com/new\\">see what is new</a></p>", "text": "..."}
                """).expect(201);
        assertThat(created.header("ETag")).isEqualTo("\"1\"");
        assertThat(created.header("Location")).endsWith("/v1/messages/we-miss-you");
        assertThat(created.json().get("state").asText()).isEqualTo("draft");
        assertThat(created.json().get("purpose").asText()).isEqualTo("commercial");

        var live = app.request("POST", "/v1/messages/we-miss-you/go-live").expect(200);
        assertThat(live.json().get("version").asInt()).isEqualTo(1);

        var id = live.json().get("id").asText();
        assertThat(app.request("GET", "/v1/messages/" + id).expect(200).body()).isEqualTo(live.body());
        assertThat(app.request("GET", "/v1/messages?q=miss&state=live")
                        .expect(200)
                        .json()
                        .get("items"))
                .hasSize(1);
        app.request("DELETE", "/v1/messages/we-miss-you").expect(409);
        app.request("POST", "/v1/messages/we-miss-you/stop").expect(200);
    }

    @Test
    void a_message_that_a_live_journey_sends_stops_only_by_force() {
        app.request("POST", "/v1/messages", """
                {"key": "sent", "channel": "email", "purpose": "commercial", "from": "shop@example.com", "subject": "s",
                 "text": "t"}
                """).expect(201);
        app.request("POST", "/v1/messages/sent/go-live").expect(200);
        app.request("POST", "/v1/segments", "{\"key\": \"all\", \"name\": \"All\", \"kind\": \"static\"}")
                .expect(201);
        app.request("POST", "/v1/segments/all/go-live");
        for (var journey : List.of("second", "first", "draft")) {
            app.request("POST", "/v1/journeys", """
                    {"key": "%s", "document": {"audience": {"segments": ["all"]}, "start": "send",
                     "tiles": {"send": {"type": "email", "message": "sent", "next": null}}}}
                    """.formatted(journey)).expect(201);
        }
        app.request("POST", "/v1/journeys/first/go-live").expect(202);
        app.request("POST", "/v1/journeys/second/go-live").expect(202);

        var refused = app.request("POST", "/v1/messages/sent/stop").expect(409).json();
        assertThat(refused.get("type").textValue()).isEqualTo("urn:sojourn:problem:in-use");
        assertThat(refused.get("detail").textValue())
                .startsWith("Message sent is used by journey first, journey second; ");
        assertThat(app.request("GET", "/v1/messages/sent").json().get("state").textValue())
                .isEqualTo("live");

        var stopped = app.request("POST", "/v1/messages/sent/stop", "{\"force\": true}")
                .expect(200);
        assertThat(stopped.json().get("state").textValue()).isEqualTo("stopped");
        app.request("POST", "/v1/journeys/draft/go-live").expect(422);
    }

    @Test
    void mistakes_come_back_with_their_places() {
        var answer = app.request("POST", "/v1/messages", """
                {"key": "bad", "channel": "email", "purpose": "commercial", "subject": "a\\nb", "html": "<p>\\n{{ x | }}</p>"}
                """).expect(422);

        assertThat(answer.json().get("errors")).hasSize(2);
        assertThat(answer.json().at("/errors/1/pointer").asText()).isEqualTo("/html");
        assertThat(answer.json().at("/errors/1/line").asInt()).isEqualTo(2);
        app.request("POST", "/v1/messages", "{\"key\": \"x\", \"colour\": 1}").expect(422);
        app.request("POST", "/v1/messages", "{\"key\": 1, \"tags\": [null]}").expect(422);
        app.request("POST", "/v1/messages", "nonsense").expect(400);
        app.request("GET", "/v1/messages/nothing").expect(404);
    }

    @Test
    void a_contact_sees_what_it_would_get() {
        app.jdbi().useHandle(handle -> handle.execute("""
                insert into contact (external_id, first_name, email, attributes, created_at, updated_at)
                values ('42', 'Ada & <co>', 'ada@example.com', '{"tier": "gold"}', now(), now())
                """));
        app.request("POST", "/v1/messages", """
                {"key": "seen", "channel": "email", "purpose": "commercial", "from": "shop@example.com",
                 "subject": "{{ contact.firstName }}", "html": "<p>{{ contact.firstName }}</p>", "preheader": "{{ contact.tier }}"}
                """).expect(201);

        var seen = app.request("POST", "/v1/messages/seen/preview", "{\"contact\": \"external:42\"}")
                .expect(200)
                .json();

        assertThat(seen.get("subject").asText()).isEqualTo("Ada & <co>");
        assertThat(seen.get("html").asText())
                .endsWith("<p>Ada &amp; &lt;co&gt;</p>")
                .contains(">gold</div>");
        assertThat(seen.get("text").asText()).contains("Ada & <co>");
        app.request("POST", "/v1/messages/seen/preview", "{\"contact\": \"external:43\"}")
                .expect(422);
    }

    @Test
    void a_text_says_how_long_it_is_and_a_push_message_has_parts_of_its_own() {
        app.jdbi().useHandle(handle -> handle.execute("""
                insert into contact (external_id, first_name, email, created_at, updated_at)
                values ('zoe', 'Zoë 😀', 'zoe@example.com', now(), now())
                """));
        app.request("POST", "/v1/messages", """
                {"key": "short", "channel": "text", "purpose": "commercial",
                 "text": "Hi {{ contact.firstName }}, see what is new. No more: {{ unsubscribeUrl }}"}
                """).expect(201);
        app.request("POST", "/v1/messages", """
                {"key": "tap", "channel": "push", "purpose": "transactional", "title": "Hi {{ contact.firstName }}",
                 "body": "It is here", "link": "app://orders", "data": {"order": "{{ contact.externalId }}"}}
                """).expect(201);

        var checked =
                app.request("POST", "/v1/messages/short/check").expect(200).json();
        assertThat(checked.get("problems")).isEmpty();
        assertThat(checked.at("/length/encoding").asText()).isEqualTo("GSM-7");
        var text = app.request("POST", "/v1/messages/short/preview", "{\"contact\": \"external:zoe\"}")
                .expect(200)
                .json();
        assertThat(text.get("text").asText()).startsWith("Hi Zoë 😀, see");
        assertThat(text.at("/length/encoding").asText()).isEqualTo("UCS-2");
        var push = app.request("POST", "/v1/messages/tap/preview", "{\"contact\": \"external:zoe\"}")
                .expect(200)
                .json();
        assertThat(push.toString())
                .isEqualTo("{\"title\":\"Hi Zoë 😀\",\"body\":\"It is here\",\"link\":\"app://orders\","
                        + "\"data\":{\"order\":\"zoe\"}}");
        app.request("POST", "/v1/messages/tap/go-live").expect(200);
        assertThat(app.request("GET", "/v1/messages/tap")
                        .json()
                        .at("/data/order")
                        .asText())
                .isEqualTo("{{ contact.externalId }}");
    }

    @Test
    void what_a_channel_has_no_place_for_is_refused_and_what_it_needs_is_asked_for() {
        var answer = app.request("POST", "/v1/messages", """
                {"key": "odd", "channel": "text", "purpose": "commercial", "text": "{{ x | }}", "subject": "s", "title": "t"}
                """).expect(422).json();
        assertThat(answer.findValuesAsText("pointer")).containsExactly("/subject", "/title", "/text");
        app.request("POST", "/v1/messages", "{\"key\": \"bare\", \"channel\": \"push\", \"purpose\": \"commercial\"}")
                .expect(201);

        var missing = app.request("POST", "/v1/messages/bare/check").expect(200).json();

        assertThat(missing.findValuesAsText("code")).containsExactly("missing-title", "missing-body");
        var etag = app.request("GET", "/v1/messages/bare").header("ETag");
        var fixed = app.admin()
                .with("If-Match", etag)
                .request("PUT", "/v1/messages/bare", "{\"channel\": \"text\", \"purpose\": \"commercial\"}")
                .expect(422)
                .json();
        assertThat(fixed.at("/errors/0/code").asText()).isEqualTo("fixed");
    }
}
