package sojourn.app.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sojourn.app.delivery.HttpCalls.Outcome;
import sojourn.app.delivery.Sender.UnavailableException;

/** Access tokens of a service account (RFC 7523), each used until shortly before it expires. */
final class GoogleTokens {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final Duration ASSERTED = Duration.ofHours(1);
    private static final Duration MARGIN = Duration.ofMinutes(2);

    private record Token(String value, Instant until) {}

    private final HttpCalls http;
    private final ServiceAccount account;
    private final String scope;
    private final InstantSource clock;
    private @Nullable Token kept;

    GoogleTokens(HttpCalls http, ServiceAccount account, String scope, InstantSource clock) {
        this.http = http;
        this.account = account;
        this.scope = scope;
        this.clock = clock;
    }

    synchronized String get() throws UnavailableException {
        var token = kept;
        if (token == null || !clock.instant().isBefore(token.until())) {
            token = fetch();
            kept = token;
        }
        return token.value();
    }

    /** One that is not taken any more. */
    synchronized void forget(String token) {
        if (kept != null && kept.value().equals(token)) {
            kept = null;
        }
    }

    private Token fetch() throws UnavailableException {
        var now = clock.instant();
        var form = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + assertion(now);
        var call = new HttpCalls.Call(
                "POST", account.tokenUrl(), Map.of("content-type", "application/x-www-form-urlencoded"), form);
        if (http.make(call) instanceof Outcome.Answered(var status, var body)) {
            if (status == 200) {
                return token(body, now);
            }
            throw new UnavailableException("Google gives out no access token: answer " + status);
        }
        throw new UnavailableException("Google gives out no access token: no answer");
    }

    private static Token token(String body, Instant now) throws UnavailableException {
        try {
            var json = JSON.readTree(body);
            if (json.path("access_token").isTextual()) {
                var lasts = Duration.ofSeconds(json.path("expires_in").asLong(3600));
                return new Token(
                        json.path("access_token").textValue(), now.plus(lasts).minus(MARGIN));
            }
        } catch (JsonProcessingException nonsense) {
            // falls through to the refusal below
        }
        throw new UnavailableException("Google gives out no access token: its answer has none");
    }

    private String assertion(Instant now) {
        var claims = JSON.createObjectNode()
                .put("iss", account.email())
                .put("scope", scope)
                .put("aud", account.tokenUrl().toString())
                .put("iat", now.getEpochSecond())
                .put("exp", now.plus(ASSERTED).getEpochSecond());
        var signed = encoded("{\"alg\":\"RS256\",\"typ\":\"JWT\"}") + "." + encoded(claims.toString());
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(account.key());
            signature.update(signed.getBytes(StandardCharsets.UTF_8));
            return signed + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException unfit) {
            throw new IllegalStateException("The key of the service account does not sign", unfit);
        }
    }

    private static String encoded(String text) {
        return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
