package sojourn.app.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.common.converter.DefaultDataConverter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sojourn.app.platform.RemoteCodec.Coded;
import sojourn.app.platform.RemoteCodec.Payloads;
import sojourn.testing.Answer;
import sojourn.testing.App;
import sojourn.testing.Client;

/** The codec endpoint as Temporal's command line and the pages of its UI call it. */
class CodecResourceTest {

    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);
    private static final String UI = "https://temporal.example.com";

    @RegisterExtension
    static final App app = new App()
            .with("temporal.uiUrl", UI + "/workflows")
            .with("temporal.encryption.keys", "b:" + KEY + " a:" + KEY);

    private static final Payloads PLAIN =
            new Payloads(List.of(new Coded(Map.of("encoding", base64("json/plain")), base64("\"0193a7c2\""))));

    @ParameterizedTest
    @ValueSource(strings = {"operator", "admin"})
    void operators_and_admins_have_payloads_encrypted_and_read_them_again(String role) {
        var client = app.as(role).with("X-Namespace", "default");

        var hidden = post(client, "encode", PLAIN).expect(200);
        var read = client.request("POST", "/v1/temporal/codec/decode", hidden.body());

        assertThat(hidden.json().at("/payloads/0/metadata/encoding").asText()).isEqualTo(base64("binary/encrypted"));
        assertThat(hidden.json().at("/payloads/0/metadata/encryption-key-id").asText())
                .isEqualTo(base64("b"));
        assertThat(read.expect(200).json()).isEqualTo(Json.mapper().valueToTree(PLAIN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"viewer", "marketer", "integrator"})
    void other_roles_read_nothing(String role) {
        post(app.as(role), "decode", PLAIN).expect(403);
        post(app.as(role), "encode", PLAIN).expect(403);
        post(app.anonymous(), "decode", PLAIN).expect(401);
    }

    @Test
    void plain_payloads_pass_and_fields_of_later_versions_are_passed_over() {
        var answer = app.request("POST", "/v1/temporal/codec/decode", """
                {"payloads": [{"metadata": {"encoding": "anNvbi9wbGFpbg"}, "data": "-_8", "externalPayloads": []}, {}],
                 "more": 1}
                """).expect(200);

        assertThat(answer.json().at("/payloads/0/data").asText()).isEqualTo("+/8=");
        assertThat(answer.json().at("/payloads")).hasSize(2);
    }

    @Test
    void every_payload_that_cannot_be_read_is_told_with_its_key() {
        var other = new RemoteCodec(new PayloadEncryption(new EncryptionSettings("2025:" + KEY, null).read()), null);
        var hidden = other.encode(PLAIN, null).payloads().getFirst();
        var wrong = new Coded(hidden.metadata(), "not base64!");

        var answer = post(
                        app.admin(),
                        "decode",
                        new Payloads(List.of(PLAIN.payloads().getFirst(), hidden, wrong)))
                .expect(422);

        assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo("/payloads/1");
        assertThat(answer.json().at("/errors/0/code").asText()).isEqualTo("missing-key");
        assertThat(answer.json().at("/errors/0/detail").asText())
                .contains("key `2025`")
                .contains("has b, a");
        assertThat(answer.json().at("/errors/1/code").asText()).isEqualTo("not-base64");
    }

    @Test
    void what_is_none_of_ours_is_refused() {
        assertThat(post(app.admin().with("X-Namespace", "others"), "decode", PLAIN)
                        .expect(422)
                        .json()
                        .at("/errors/0/code")
                        .asText())
                .isEqualTo("other-namespace");
        post(app.admin().with("X-Namespace", ""), "decode", PLAIN).expect(200);
        app.request("POST", "/v1/temporal/codec/decode", "{}").expect(422);
        app.request("POST", "/v1/temporal/codec/decode", "[]").expect(422);
    }

    @Test
    void pages_of_the_ui_may_call_and_read_even_refusals() {
        var page = app.anonymous().with("Origin", UI);

        var asked = page.with("Access-Control-Request-Method", "POST")
                .with("Access-Control-Request-Headers", "content-type,x-namespace,authorization")
                .request("OPTIONS", "/v1/temporal/codec/decode")
                .expect(204);

        assertThat(asked.header("Access-Control-Allow-Origin")).isEqualTo(UI);
        assertThat(asked.header("Access-Control-Allow-Methods")).contains("POST");
        assertThat(asked.header("Access-Control-Allow-Headers"))
                .contains("authorization")
                .contains("content-type")
                .contains("x-namespace");
        assertThat(post(app.admin().with("Origin", UI), "decode", PLAIN)
                        .expect(200)
                        .header("Access-Control-Allow-Origin"))
                .isEqualTo(UI);
        assertThat(post(page, "decode", PLAIN).expect(401).header("Access-Control-Allow-Origin"))
                .isEqualTo(UI);
        assertThat(post(app.as("viewer").with("Origin", UI), "decode", PLAIN)
                        .expect(403)
                        .header("Access-Control-Allow-Origin"))
                .isEqualTo(UI);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example.com",
                "http://temporal.example.com",
                "https://temporal.example.com:8",
                "null"
            })
    void pages_of_other_origins_may_not(String origin) {
        var asked = app.anonymous().with("Origin", origin).request("OPTIONS", "/v1/temporal/codec/decode");
        var sent = post(app.admin().with("Origin", origin), "decode", PLAIN);

        for (var answer : List.of(asked, sent)) {
            assertThat(answer.headers().map().keySet())
                    .noneMatch(header -> header.toLowerCase(Locale.ROOT).startsWith("access-control-"));
            assertThat(answer.header("Vary")).contains("Origin");
        }
        assertThat(app.admin().with("Origin", UI).request("GET", "/v1/journeys").header("Access-Control-Allow-Origin"))
                .as("other endpoints are not the UI's")
                .isEmpty();
    }

    @Test
    void origins_are_written_as_browsers_write_them() {
        assertThat(TemporalUiOrigin.origin("HTTPS://Temporal.Example.com:443/x"))
                .isEqualTo("https://temporal.example.com");
        assertThat(TemporalUiOrigin.origin("http://127.0.0.1:8233")).isEqualTo("http://127.0.0.1:8233");
        assertThat(TemporalUiOrigin.origin("temporal.example.com")).isNull();
    }

    @Test
    void what_a_client_of_ours_wrote_is_what_the_endpoint_reads() {
        var payload =
                DefaultDataConverter.STANDARD_INSTANCE.toPayload("win-back").orElseThrow();
        var hidden = new PayloadEncryption(new EncryptionSettings("a:" + KEY, null).read())
                .encode(List.of(payload))
                .getFirst();
        var metadata = new TreeMap<String, String>();
        hidden.getMetadataMap().forEach((name, value) -> metadata.put(name, base64(value.toStringUtf8())));
        var sent = new Coded(
                metadata, Base64.getEncoder().encodeToString(hidden.getData().toByteArray()));

        var read = post(app.admin(), "decode", new Payloads(List.of(sent))).expect(200);

        assertThat(read.json().at("/payloads/0/data").asText()).isEqualTo(base64("\"win-back\""));
    }

    private static Answer post(Client client, String what, Payloads payloads) {
        return client.request("POST", "/v1/temporal/codec/" + what, payloads);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
