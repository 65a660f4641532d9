package sojourn.app.delivery;

import java.util.Optional;
import java.util.regex.Pattern;

/** Phone numbers as networks want them (E.164). */
final class PhoneNumbers {

    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{6,14}");

    private PhoneNumbers() {}

    /** {@code +49 (0)30 123 456} as {@code +4930123456}; empty when the number does not say its country. */
    static Optional<String> international(String number) {
        var plain = number.replace("(0)", "").replaceAll("[ ()./-]", "").replaceFirst("^00", "+");
        return Optional.of(plain).filter(candidate -> E164.matcher(candidate).matches());
    }
}
