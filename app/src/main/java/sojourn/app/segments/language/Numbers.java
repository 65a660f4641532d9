package sojourn.app.segments.language;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Exact decimals: how they are read, and how a quotient is rounded. */
final class Numbers {

    private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?([eE][+-]?\\d{1,9})?");

    private static final int QUOTIENT_DECIMALS = 10;

    private Numbers() {}

    static Optional<BigDecimal> read(Token token, Complaints complaints) {
        var text = token.text();
        if (!NUMBER.matcher(text).matches()) {
            complaints.add(token, "invalid-number", token.shown() + " is no number; write 12, -1.5 or 2e6");
            return Optional.empty();
        }
        if (text.length() <= 2 * Value.Numeral.DIGITS) {
            var number = new BigDecimal(text);
            if (Value.Numeral.isInRange(number)) {
                return Optional.of(number);
            }
        }
        complaints.add(
                token,
                "invalid-number",
                "A number has at most " + Value.Numeral.DIGITS + " digits and " + Value.Numeral.DIGITS + " decimals");
        return Optional.empty();
    }

    /** A count as in DAYS(n): a positive whole number up to a bound. */
    static OptionalInt count(Token token, int most) {
        var text = token.text();
        if (token.kind() != Token.Kind.NUMBER
                || text.length() > 9
                || !text.chars().allMatch(Character::isDigit)) {
            return OptionalInt.empty();
        }
        var number = Integer.parseInt(text);
        return number >= 1 && number <= most ? OptionalInt.of(number) : OptionalInt.empty();
    }

    /** Rounded half away from zero to ten decimals; empty for a division by zero. */
    static Optional<BigDecimal> quotient(BigDecimal dividend, BigDecimal divisor) {
        return divisor.signum() == 0
                ? Optional.empty()
                : Optional.of(dividend.divide(divisor, QUOTIENT_DECIMALS, RoundingMode.HALF_UP));
    }
}
