package sojourn.app.interactions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Answer;
import sojourn.testing.App;

/** Interactions that come as CloudEvents. */
class CloudEventsTest {

    private static final String PATH = "/v1/interactions/cloudevents";

    private static final String ORDER = """
            {"specversion": "1.0", "id": "981", "source": "https://shop.example.com/orders", "type": "com.example.order-placed",
             "subject": "external:42", "time": "2026-11-20T17:03:00Z", "datacontenttype": "application/json; charset=utf-8",
             "traceparent": "00-1", "bindingkey": "cart-7", "data": {"amount": 29.33}}
            """;

    @RegisterExtension
    static final App app = new App();

    @BeforeAll
    static void a_shop() {
        app.request("POST", "/v1/interaction-types", """
                {"key": "ComExampleOrderPlaced", "properties": {"amount": "number"}}
                """).expect(201);
        app.request("PUT", "/v1/contacts/external:42", "{}").expect(201);
    }

    @BeforeEach
    void nothing_happened() {
        app.jdbi().useHandle(handle -> handle.execute("truncate interaction, interaction_seen, anonymous_interaction"));
    }

    @Test
    void an_event_is_an_interaction_and_its_repeat_is_harmless() {
        assertThat(structured(ORDER).expect(200).body()).isEqualTo("""
                {"accepted":1,"duplicates":0,"rejected":[]}""");
        assertThat(structured(ORDER).expect(200).body()).isEqualTo("""
                {"accepted":0,"duplicates":1,"rejected":[]}""");

        assertThat(texts("""
                        select i.id || '|' || t.key || '|' || occurred_at || '|' || binding_key || '|' || i.properties
                        from interaction i join interaction_type t on t.id = i.type_id
                        """))
                .containsExactly("https://shop.example.com/orders 981|ComExampleOrderPlaced"
                        + "|2026-11-20 17:03:00+00|cart-7|{\"amount\": 29.33}");
    }

    @Test
    void events_of_two_sources_may_have_the_same_id() {
        structured(ORDER).expect(200);

        var other = structured(ORDER.replace("/orders", "/returns")).expect(200).json();

        assertThat(other.get("accepted").intValue()).isEqualTo(1);
    }

    @Test
    void events_of_a_batch_stand_for_themselves() {
        var answer = app.admin()
                .with("Content-Type", "application/cloudevents-batch+json")
                .request(
                        "POST",
                        PATH,
                        "[" + ORDER + "," + ORDER + "," + ORDER.replace("29.33", "30") + ", 7, "
                                + ORDER.replace("external:42", "external:nobody")
                                        .replace("981", "982") + "]")
                .expect(200)
                .json();

        assertThat(answer.get("accepted").intValue()).isEqualTo(1);
        assertThat(answer.get("duplicates").intValue()).isEqualTo(1);
        assertThat(rejections(answer)).containsExactly("2 id-reused", "3 wrong-type", "4 unknown-contact");
        assertThat(answer.at("/rejected/2/detail").textValue()).startsWith("/subject: ");
    }

    @Test
    void an_event_may_have_its_attributes_in_headers() {
        var binary = app.admin()
                .with("ce-specversion", "1.0")
                .with("ce-id", "981")
                .with("CE-Source", "https://shop.example.com/orders")
                .with("ce-type", "com.example.order-placed")
                .with("ce-subject", "external%3A42")
                .with("ce-time", "2026-11-20T17:03:00Z")
                .with("ce-bindingkey", "cart-7");

        assertThat(binary.request("POST", PATH, "{\"amount\": 29.33}")
                        .expect(200)
                        .json()
                        .get("accepted")
                        .intValue())
                .isEqualTo(1);
        assertThat(structured(ORDER).expect(200).json().get("duplicates").intValue())
                .isEqualTo(1);
        assertThat(errors(app.request("POST", PATH, "{}"))).containsExactly("/specversion required");
    }

    @Test
    void an_event_of_nobody_yet_waits_for_an_identify_call() {
        structured(ORDER.replace("\"subject\": \"external:42\"", "\"anonymousid\": \"device-1\""))
                .expect(200);
        assertThat(texts("select id from interaction")).isEmpty();

        app.request("POST", "/v1/identify", Map.of("userId", "42", "anonymousId", "device-1"))
                .expect(200);

        assertThat(texts("select id from interaction")).containsExactly("https://shop.example.com/orders 981");
    }

    @Test
    void what_does_not_fit_is_said_in_the_words_of_the_event() {
        assertThat(errors(structured("{}")))
                .containsExactly(
                        "/specversion required",
                        "/id required",
                        "/source required",
                        "/type required",
                        "/subject required");
        assertThat(errors(structured(ORDER.replace("\"1.0\"", "\"0.3\"")
                        .replace("https://shop", "the shop")
                        .replace("application/json; charset=utf-8", "text/xml")
                        .replace("\"traceparent\"", "\"anonymousId\"")
                        .replace("2026-11-20T17:03:00Z", "yesterday")
                        .replace("{\"amount\": 29.33}", "\"<xml/>\""))))
                .containsExactly(
                        "/anonymousId invalid-name",
                        "/specversion unknown-version",
                        "/datacontenttype wrong-type",
                        "/source invalid-uri",
                        "/time wrong-type",
                        "/data wrong-type");
        assertThat(errors(structured(ORDER.replace("\"amount\"", "\"amont\""))))
                .containsExactly("/data/amont unknown-property");
        assertThat(errors(structured(ORDER.replace("com.example.order-placed", "com.example.order-replaced"))))
                .containsExactly("/type unknown-type");
        assertThat(errors(structured(ORDER.replace("\"bindingkey\"", "\"anonymousid\""))))
                .containsExactly("/anonymousid ambiguous");
        assertThat(errors(structured(ORDER.replace("\"data\": {\"amount\": 29.33}", "\"data_base64\": \"eA==\""))))
                .containsExactly("/data_base64 wrong-type");
        assertThat(errors(structured(ORDER.replace("\"981\"", "\"" + "9".repeat(290) + "\""))))
                .containsExactly("/id too-long");
        structured("{").expect(400);
        structured(ORDER + ORDER).expect(400);
        assertThat(texts("select id from interaction")).isEmpty();
    }

    private static Answer structured(String event) {
        return app.admin().with("Content-Type", "application/cloudevents+json").request("POST", PATH, event);
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

    private static List<String> rejections(JsonNode answer) {
        return answer.get("rejected")
                .valueStream()
                .map(item -> item.get("index") + " " + item.get("code").textValue())
                .toList();
    }

    private static List<String> texts(String sql) {
        return app.jdbi()
                .withHandle(handle -> handle.select(sql).mapTo(String.class).list());
    }
}
