package sojourn.app.platform;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A place in a keyset-ordered list: the sort values of its last row, opaque to clients. */
public record Cursor(List<String> values) {

    private static final String SEPARATOR = "\u001f";

    public Cursor {
        values = List.copyOf(values);
    }

    public static Cursor of(Object... values) {
        return new Cursor(List.of(values).stream().map(Object::toString).toList());
    }

    /** The values of a cursor that this API gave out, or null for the first page; a problem for anything else. */
    public static @Nullable Cursor parse(@Nullable String text, int size) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            var bytes = Base64.getUrlDecoder().decode(text);
            var values = List.of(new String(bytes, StandardCharsets.UTF_8).split(SEPARATOR, -1));
            if (values.size() == size) {
                return new Cursor(values);
            }
        } catch (IllegalArgumentException notBase64) {
            // falls through to the problem below
        }
        throw unknown();
    }

    public String get(int index) {
        return values.get(index);
    }

    public UUID uuid(int index) {
        return as(UUID::fromString, index);
    }

    public long number(int index) {
        return as(Long::valueOf, index);
    }

    public Instant instant(int index) {
        return as(Instant::parse, index);
    }

    private <T> T as(Function<String, T> read, int index) {
        try {
            return read.apply(get(index));
        } catch (IllegalArgumentException | DateTimeException notOurs) {
            throw unknown();
        }
    }

    private static Problem unknown() {
        return Problem.invalid("/cursor", "unknown-cursor", "This cursor was not made by this list; start without one");
    }

    @Override
    public String toString() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(String.join(SEPARATOR, values).getBytes(StandardCharsets.UTF_8));
    }
}
