package sojourn.app.delivery;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs webhooks as Standard Webhooks has it: whoever shares the secret knows that a call is ours, and not an old one. */
final class WebhookSignature {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "whsec_";
    private static final int LEAST_BYTES = 24;

    private final List<UnaryOperator<byte[]>> keys;

    private WebhookSignature(List<UnaryOperator<byte[]>> keys) {
        this.keys = List.copyOf(keys);
    }

    /** With a key that this installation has made for itself. */
    static WebhookSignature with(Keys key) {
        return new WebhookSignature(List.of(key::sign));
    }

    /** With each of the secrets, {@code whsec_} and base64, so that one can be replaced while receivers know both. */
    static WebhookSignature with(String secrets) {
        return new WebhookSignature(Arrays.stream(secrets.strip().split("\\s+"))
                .map(WebhookSignature::key)
                .map(key -> (UnaryOperator<byte[]>) message -> sign(key, message))
                .toList());
    }

    private static SecretKeySpec key(String secret) {
        if (!secret.startsWith(PREFIX)) {
            throw new IllegalArgumentException("A secret begins with " + PREFIX);
        }
        var bytes = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
        if (bytes.length < LEAST_BYTES) {
            throw new IllegalArgumentException("A secret has at least " + LEAST_BYTES + " bytes");
        }
        return new SecretKeySpec(bytes, ALGORITHM);
    }

    private static byte[] sign(SecretKeySpec key, byte[] message) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(message);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * The value of {@code webhook-signature}.
     *
     * @param timestamp in seconds
     */
    String of(String id, long timestamp, String body) {
        var message = (id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8);
        return keys.stream()
                .map(key -> "v1," + Base64.getEncoder().encodeToString(key.apply(message)))
                .collect(Collectors.joining(" "));
    }
}
