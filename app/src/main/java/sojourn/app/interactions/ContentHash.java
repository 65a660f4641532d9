package sojourn.app.interactions;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Says whether two interactions are the same fact: the first 128 bits of SHA-256 over their fields as parsed, before
 * defaults. The order of keys and trailing zeros of numbers make no difference.
 */
final class ContentHash {

    private final StringBuilder content = new StringBuilder(256);
    private final MessageDigest digest;

    ContentHash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    UUID of(@Nullable Object... fields) {
        content.setLength(0);
        for (var field : fields) {
            write(field);
        }
        var hash = ByteBuffer.wrap(digest.digest(content.toString().getBytes(StandardCharsets.UTF_8)));
        return new UUID(hash.getLong(), hash.getLong());
    }

    // Every value is written with its kind and length or end, so that no two contents have the same text.
    private void write(@Nullable Object value) {
        switch (value) {
            case null -> content.append('-');
            case BigDecimal number ->
                content.append('n').append(number.stripTrailingZeros()).append(';');
            case Long number -> write(BigDecimal.valueOf(number));
            case Integer number -> write(BigDecimal.valueOf(number));
            case Boolean bool -> content.append(bool ? 't' : 'f');
            case List<?> list -> {
                content.append('[');
                list.forEach(this::write);
                content.append(']');
            }
            case Map<?, ?> map -> {
                content.append('{');
                new TreeMap<Object, Object>(map).forEach((key, inner) -> {
                    write(key);
                    write(inner);
                });
                content.append('}');
            }
            default -> {
                var text = value.toString();
                content.append(text.length()).append(':').append(text);
            }
        }
    }
}
