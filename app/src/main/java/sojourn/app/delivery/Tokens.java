package sojourn.app.delivery;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * What stands in the links of an email: signed, so that nobody can make one up, and good for one purpose only. A click's
 * token carries the author's URL, so that it leads there even when nothing can be looked up.
 */
final class Tokens {

    enum Kind {
        OPEN('o'),
        CLICK('c'),
        UNSUBSCRIBE('u');

        private final byte mark;

        Kind(char mark) {
            this.mark = (byte) mark;
        }
    }

    /**
     * @param link the number of the link in the delivery, 0 but for clicks
     * @param url where it leads, empty but for clicks
     */
    record Token(Kind kind, UUID delivery, int link, String url) {}

    private static final int HEAD = 1 + 16 + 2;
    private static final int SIGNATURE = 16;

    private final Keys keys;

    Tokens(Keys keys) {
        this.keys = keys;
    }

    String sign(Token token) {
        var url = token.url().getBytes(StandardCharsets.UTF_8);
        var payload = ByteBuffer.allocate(HEAD + url.length)
                .put(token.kind().mark)
                .putLong(token.delivery().getMostSignificantBits())
                .putLong(token.delivery().getLeastSignificantBits())
                .putShort((short) token.link())
                .put(url)
                .array();
        var signed = ByteBuffer.allocate(payload.length + SIGNATURE)
                .put(payload)
                .put(keys.sign(payload), 0, SIGNATURE)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(signed);
    }

    /** What a token says when we made it for this purpose. */
    Optional<Token> read(Kind kind, String text) {
        byte[] signed;
        try {
            signed = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        if (signed.length < HEAD + SIGNATURE || signed[0] != kind.mark) {
            return Optional.empty();
        }
        var payload = Arrays.copyOf(signed, signed.length - SIGNATURE);
        var signature = Arrays.copyOfRange(signed, payload.length, signed.length);
        if (!MessageDigest.isEqual(signature, Arrays.copyOf(keys.sign(payload), SIGNATURE))) {
            return Optional.empty();
        }
        var in = ByteBuffer.wrap(payload, 1, payload.length - 1);
        var delivery = new UUID(in.getLong(), in.getLong());
        var link = Short.toUnsignedInt(in.getShort());
        return Optional.of(new Token(
                kind, delivery, link, new String(payload, HEAD, payload.length - HEAD, StandardCharsets.UTF_8)));
    }
}
