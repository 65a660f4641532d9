package sojourn.app.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sojourn.app.delivery.ScriptedProvider.Answer;
import sojourn.app.delivery.Sender.UnavailableException;
import sojourn.app.messages.RenderedPush;

class FirebaseSenderTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID ID = UUID.fromString("0193a7c2-0000-7000-8000-000000000001");

    @TempDir
    Path directory;

    private final ScriptedProvider provider = new ScriptedProvider();
    private Instant now = Instant.parse("2026-11-20T10:00:00Z");
    private Answer answer = new Answer(200, "{}");
    private KeyPair keys;
    private FirebaseSender sender;

    @BeforeEach
    void connect() throws Exception {
        provider.answers(request -> request.path().equals("/token")
                ? new Answer(200, "{\"access_token\": \"ya29.%d\", \"expires_in\": 3600}".formatted(tokens()))
                : answer);
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        keys = generator.generateKeyPair();
        var file = directory.resolve("account.json");
        Files.writeString(file, accountFile());
        var account = ServiceAccount.read(file);
        var http = new HttpCalls(Hosts.any(), Duration.ofSeconds(2), Duration.ofSeconds(10));
        sender = new FirebaseSender(
                http, URI.create(provider.url()), account, new GoogleTokens(http, account, "messaging", () -> now));
    }

    @AfterEach
    void close() {
        provider.close();
    }

    private long tokens() {
        return provider.requests.stream()
                .filter(request -> request.path().equals("/token"))
                .count();
    }

    @Test
    void a_message_goes_to_its_device_with_a_token_that_is_used_again() throws Exception {
        assertThat(send()).isEqualTo(new HandOver.Accepted());
        assertThat(send()).isEqualTo(new HandOver.Accepted());

        assertThat(provider.requests)
                .extracting(ScriptedProvider.Request::path)
                .containsExactly("/token", "/v1/projects/shop/messages:send", "/v1/projects/shop/messages:send");
        var request = provider.requests.get(1);
        assertThat(request.headers()).containsEntry("authorization", "Bearer ya29.1");
        assertThat(JSON.readTree(request.body())).isEqualTo(JSON.readTree("""
                        {"message": {"token": "device-1", "notification": {"title": "Hi", "body": "It is here"},
                         "data": {"order": "7", "delivery": "%s", "link": "https://shop.example.com/7"},
                         "webpush": {"fcm_options": {"link": "https://shop.example.com/7"}}}}
                        """.formatted(ID)));
        var claims = assertedClaims();
        assertThat(claims.path("iss").asText()).isEqualTo("sojourn@shop.example.com");
        assertThat(claims.path("aud").asText()).isEqualTo(provider.url() + "/token");
        assertThat(claims.path("exp").asLong()).isEqualTo(now.getEpochSecond() + 3600);
    }

    @Test
    void a_token_that_expires_or_is_refused_is_asked_for_anew() throws Exception {
        send();
        now = now.plus(Duration.ofMinutes(59));
        send();
        assertThat(tokens()).isEqualTo(2);

        answer = new Answer(401, "");
        assertThat(send()).isEqualTo(new HandOver.NotNow("answer 401"));
        answer = new Answer(200, "{}");
        send();

        assertThat(tokens()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "404, `{\"error\": {\"details\": [{\"errorCode\": \"UNREGISTERED\"}]}}`, Bounced[bounce=hard]",
                "403, `{\"error\": {\"details\": [{\"errorCode\": \"SENDER_ID_MISMATCH\"}]}}`, Bounced[bounce=hard]",
                "400, `{\"error\": {\"details\": [{\"fieldViolations\": [{\"field\": \"message.token\"}]}]}}`, Bounced[bounce=hard]",
                "400, `{\"error\": {\"details\": [{\"errorCode\": \"INVALID_ARGUMENT\"}]}}`, Refused[code=400]",
                "404, `nonsense`, NotNow[why=answer 404]",
                "429, ``, NotNow[why=answer 429]",
                "503, ``, NotNow[why=answer 503]",
                "500, ``, Unknown[]",
                "-1, ``, Unknown[]",
            })
    void what_firebase_answers(int status, String body, String outcome) throws Exception {
        answer = new Answer(status, body);

        assertThat(send()).hasToString(outcome);
    }

    @Test
    void without_a_token_nothing_is_sent() {
        provider.answers(request -> new Answer(400, "{\"error\": \"invalid_grant\"}"));

        assertThatThrownBy(this::send)
                .isInstanceOf(UnavailableException.class)
                .hasMessage("Google gives out no access token: answer 400");
    }

    private HandOver send() throws UnavailableException {
        var push = new RenderedPush("Hi", "It is here", "https://shop.example.com/7", Map.of("order", "7"));
        try (var ready = sender.connect()) {
            return ready.handOver(new PushMessage(ID, "device-1", push));
        }
    }

    /** What the account says of itself, if its signature is good. */
    private JsonNode assertedClaims() throws IOException, GeneralSecurityException {
        var form = URLDecoder.decode(provider.requests.getFirst().body(), StandardCharsets.UTF_8);
        var parts = form.substring(form.indexOf("assertion=") + "assertion=".length())
                .split("\\.");
        var signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(keys.getPublic());
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.UTF_8));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
        return JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
    }

    private String accountFile() {
        var pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(keys.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        return JSON.createObjectNode()
                .put("project_id", "shop")
                .put("client_email", "sojourn@shop.example.com")
                .put("private_key", pem)
                .put("token_uri", provider.url() + "/token")
                .toString();
    }
}
