package sojourn.app.interactions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.security.ApiKeys;
import sojourn.app.security.Role;
import sojourn.testing.Answer;
import sojourn.testing.App;

/** What the libraries of Segment (the product) send. */
class SegmentIoTest {

    @RegisterExtension
    static final App app = new App();

    @BeforeAll
    static void a_shop() {
        app.request("POST", "/v1/interaction-types", """
                {"key": "OrderCompleted", "properties": {"revenue": "number", "currency": "text"}}
                """).expect(201);
        app.request("PATCH", "/v1/profile-types/contact", """
                {"attributes": {"plan": {"type": "option", "options": ["free", "pro"]}, "age": "number", "friend": "lookup"}}
                """).expect(200);
    }

    @BeforeEach
    void nobody_is_there() {
        app.jdbi().useHandle(handle -> handle.execute("""
                truncate contact, interaction, interaction_seen, anonymous_interaction, anonymous_link restart identity
                """));
    }

    @Test
    void an_identify_call_makes_the_contact_and_merges_its_traits() {
        identify("""
                {"userId": "42", "messageId": "m-1", "timestamp": "2026-11-20T17:03:00.000Z",
                 "context": {"library": {"name": "analytics-node", "version": "2.1.0"}}, "integrations": {"All": true},
                 "traits": {"email": "ada@example.com", "name": "Ada Augusta Byron", "phone": "+4930123456", "plan": "pro",
                            "timezone": "Europe/Berlin", "createdAt": "2020-01-01T00:00:00Z",
                            "address": {"city": "Berlin", "state": "BE", "postalCode": "10115", "country": "de"}}}
                """).expect(200);
        var answer =
                identify("{\"userId\": 42, \"traits\": {\"age\": 36, \"phone\": null, \"firstName\": \"Augusta\"}}");

        assertThat(answer.expect(200).body()).isEqualTo("""
                {"success":true,"accepted":0,"duplicates":0,"identified":1,"rejected":[],"ignored":[]}""");
        var contact = app.request("GET", "/v1/contacts/external:42").expect(200).json();
        assertThat(contact.get("email").textValue()).isEqualTo("ada@example.com");
        assertThat(contact.get("firstName").textValue()).isEqualTo("Augusta");
        assertThat(contact.get("lastName").textValue()).isEqualTo("Byron");
        assertThat(contact.get("timeZone").textValue()).isEqualTo("Europe/Berlin");
        assertThat(contact.path("phone").textValue()).isNull();
        assertThat(contact.get("address").toString()).contains("Berlin", "BE", "10115", "DE");
        assertThat(contact.at("/attributes/plan").textValue()).isEqualTo("pro");
        assertThat(contact.at("/attributes/age").intValue()).isEqualTo(36);
    }

    @Test
    void traits_that_do_not_fit_are_told_and_the_others_are_kept() {
        var answer = identify("""
                {"userId": "42", "traits": {"email": "not-an-address", "firstName": "Ada", "plan": "gold", "friend": "nobody",
                 "avatar": "https://example.com/a.png", "address": {"city": "Berlin", "street": "Unter den Linden", "country": "Germany"}}}
                """).expect(200).json();

        assertThat(answer.get("success").booleanValue()).isTrue();
        assertThat(answer.get("ignored")
                        .valueStream()
                        .map(item -> item.get("pointer").textValue() + " "
                                + item.get("code").textValue())
                        .toList())
                .containsExactlyInAnyOrder(
                        "/traits/email invalid-email",
                        "/traits/plan unknown-option",
                        "/traits/friend unknown-record",
                        "/traits/avatar unknown-attribute",
                        "/traits/address/street unknown-field",
                        "/traits/address/country invalid-country");
        var contact = app.request("GET", "/v1/contacts/external:42").expect(200).json();
        assertThat(contact.get("firstName").textValue()).isEqualTo("Ada");
        assertThat(contact.at("/address/city").textValue()).isEqualTo("Berlin");
        assertThat(contact.at("/attributes").isEmpty()).isTrue();
    }

    @Test
    void a_track_call_is_an_interaction_and_its_repeat_is_harmless() {
        identify("{\"userId\": \"42\"}").expect(200);
        var order = """
                {"userId": "42", "anonymousId": "device-1", "event": "Order Completed", "messageId": "m-981",
                 "timestamp": "2026-11-20T17:03:00.000Z", "properties": {"revenue": 29.33}, "type": "track"}
                """;

        assertThat(track(order).expect(200).body()).isEqualTo("""
                {"success":true,"accepted":1,"duplicates":0,"identified":0,"rejected":[],"ignored":[]}""");
        assertThat(track(order).expect(200).json().get("duplicates").intValue()).isEqualTo(1);

        assertThat(texts("""
                        select i.id || ' ' || key || ' ' || contact_id || ' ' || occurred_at || ' ' || i.properties
                        from interaction i join interaction_type t on t.id = i.type_id
                        """)).containsExactly("m-981 OrderCompleted 1 2026-11-20 17:03:00+00 {\"revenue\": 29.33}");
    }

    @Test
    void calls_without_an_id_are_facts_of_their_own() {
        identify("{\"userId\": \"42\"}").expect(200);
        var order = "{\"userId\": \"42\", \"event\": \"OrderCompleted\"}";

        track(order).expect(200);
        track(order).expect(200);

        assertThat(texts("select id from interaction")).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void calls_of_a_batch_are_done_in_their_order() {
        var answer = batch("""
                {"sentAt": "2026-11-20T17:03:01Z", "context": {}, "batch": [
                  {"type": "track", "messageId": "1", "anonymousId": "device-1", "event": "Order Completed"},
                  {"type": "track", "messageId": "2", "userId": "42", "event": "Order Completed"},
                  {"type": "identify", "messageId": "3", "userId": "42", "anonymousId": "device-1", "traits": {"age": "old"}},
                  {"type": "track", "messageId": "4", "userId": "42", "event": "Order Completed"},
                  {"type": "track", "messageId": "5", "anonymousId": "device-1", "event": "Order Completed",
                   "properties": {"products": [{"sku": 1}]}},
                  {"type": "page", "messageId": "6", "userId": "42"},
                  {"type": "track", "messageId": "4", "userId": "42", "event": "Order Completed"},
                  17]}
                """).expect(200).json();

        assertThat(answer.get("success").booleanValue()).isFalse();
        assertThat(answer.get("accepted").intValue()).isEqualTo(2);
        assertThat(answer.get("duplicates").intValue()).isEqualTo(1);
        assertThat(answer.get("identified").intValue()).isEqualTo(1);
        assertThat(told(answer.get("rejected")))
                .containsExactly("1 unknown-contact", "4 unknown-property", "5 unknown-call", "7 wrong-type");
        assertThat(answer.at("/rejected/0/detail").textValue()).startsWith("/userId: ");
        assertThat(told(answer.get("ignored"))).containsExactly("2 wrong-type");
        assertThat(texts("select id || ' ' || contact_id from interaction order by id"))
                .containsExactly("1 1", "4 1");
    }

    @Test
    void what_does_not_fit_is_said_in_the_words_of_the_call() {
        assertThat(errors(track("{}"))).containsExactly("/event required", "/userId required");
        assertThat(errors(track("{\"event\": \"Order Completed\", \"userId\": \"42\", \"contact\": \"external:42\"}")))
                .containsExactly("/contact unknown-field");
        assertThat(errors(track(
                        "{\"event\": \"Order Completed\", \"userId\": {}, \"propertis\": {}, \"timestamp\": \"now\"}")))
                .containsExactly("/propertis unknown-field", "/userId wrong-type", "/timestamp wrong-type");
        assertThat(errors(track("{\"event\": \"Order Complete\", \"userId\": \"42\"}")))
                .containsExactly("/event unknown-type");
        assertThat(errors(track("{\"event\": \"Order Completed\", \"userId\": \"42\"}")))
                .containsExactly("/userId unknown-contact");
        assertThat(errors(identify("{\"anonymousId\": \"device-1\", \"traits\": []}")))
                .containsExactly("/userId required", "/traits wrong-type");
        assertThat(errors(identify("{\"userId\": \"" + "4".repeat(256) + "\"}")))
                .containsExactly("/userId too-long");
        assertThat(errors(batch("[]"))).containsExactly("/batch required");
        batch("{\"batch\": [" + String.join(",", Collections.nCopies(2501, "{}")) + "]}")
                .expect(413);
        track("{").expect(400);
        assertThat(texts("select id from interaction")).isEmpty();
    }

    @Test
    void the_key_may_come_as_the_user_name_of_basic_authentication() {
        var key = new ApiKeys(app.jdbi(), java.time.InstantSource.system())
                .create("shop", Role.INTEGRATOR, null, "test")
                .key();
        var call = "{\"userId\": \"42\"}";

        assertThat(basic(key + ":", "/v1/identify", call).status()).isEqualTo(200);
        assertThat(basic("sjk_bad:", "/v1/identify", call).status()).isEqualTo(401);
        assertThat(app.anonymous()
                        .with("Authorization", "Basic !")
                        .request("POST", "/v1/identify", call)
                        .status())
                .isEqualTo(401);
        assertThat(basic(key + ":", "/v1/interactions", "[]").status()).isEqualTo(401);
    }

    private static Answer basic(String credentials, String path, String body) {
        var encoded = Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        return app.anonymous().with("Authorization", "Basic " + encoded).request("POST", path, body);
    }

    private static Answer identify(String call) {
        return app.request("POST", "/v1/identify", call);
    }

    private static Answer track(String call) {
        return app.request("POST", "/v1/track", call);
    }

    private static Answer batch(String calls) {
        return app.request("POST", "/v1/batch", calls);
    }

    private static List<String> errors(Answer answer) {
        return answer.expect(422)
                .json()
                .get("errors")
                .valueStream()
                .map(error -> error.get("pointer").textValue() + " "
                        + error.get("code").textValue())
                .toList();
    }

    private static List<String> told(JsonNode list) {
        return list.valueStream()
                .map(item -> item.get("index") + " " + item.get("code").textValue())
                .toList();
    }

    private static List<String> texts(String sql) {
        return app.jdbi()
                .withHandle(handle -> handle.select(sql).mapTo(String.class).list());
    }
}
