package sojourn.app.contacts;

import java.text.Normalizer;
import java.util.List;

/**
 * How the segment language compares text: in NFC, each code point in its simple lower case. Applied once, here, when a
 * value is written, so that the database and Java cannot differ about it.
 */
public final class Fold {

    private Fold() {}

    public static String text(String text) {
        if (isPlain(text)) {
            return text;
        }
        var composed = Normalizer.normalize(text, Normalizer.Form.NFC);
        var folded = new StringBuilder(composed.length());
        composed.codePoints().map(Character::toLowerCase).forEach(folded::appendCodePoint);
        return folded.toString();
    }

    /** A checked value of a text or option attribute, or the options of one that has several. */
    public static Object value(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(element -> text(String.valueOf(element))).toList()
                : text(value.toString());
    }

    private static boolean isPlain(String text) {
        for (var i = 0; i < text.length(); i++) {
            var character = text.charAt(i);
            if (character >= 0x80 || (character >= 'A' && character <= 'Z')) {
                return false;
            }
        }
        return true;
    }
}
