package sojourn.app.messages;

/**
 * How long a text is as networks count it (3GPP TS 23.038): one character that GSM-7 does not have makes all of it UCS-2.
 *
 * @param encoding {@code GSM-7} or {@code UCS-2}
 * @param units septets of GSM-7 (some characters take two), 16-bit units of UCS-2
 * @param segments how many short messages it makes
 */
public record TextLength(String encoding, int units, int segments) {

    private static final String BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
            + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    /** Those behind an escape, which makes them take two. */
    private static final String EXTENSION = "\f^{}\\[~]|€";

    public static TextLength of(String text) {
        return text.chars().allMatch(letter -> septets(letter) > 0)
                ? counted("GSM-7", text.chars().map(TextLength::septets).toArray(), 160, 153)
                : counted("UCS-2", text.codePoints().map(Character::charCount).toArray(), 70, 67);
    }

    /** 0 when GSM-7 does not have the character. */
    private static int septets(int letter) {
        if (BASIC.indexOf(letter) >= 0) {
            return 1;
        }
        return EXTENSION.indexOf(letter) >= 0 ? 2 : 0;
    }

    /** A character is never torn apart by the end of a segment. */
    private static TextLength counted(String encoding, int[] letters, int alone, int joined) {
        var units = 0;
        var segments = 1;
        var inSegment = 0;
        for (var letter : letters) {
            units += letter;
            if (inSegment + letter > joined) {
                segments++;
                inSegment = 0;
            }
            inSegment += letter;
        }
        return new TextLength(encoding, units, units == 0 ? 0 : units <= alone ? 1 : segments);
    }
}
