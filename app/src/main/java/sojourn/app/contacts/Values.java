package sojourn.app.contacts;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Nearest;

/** Checks values from outside against what was declared, and brings them into the form in which they are stored. */
public final class Values {

    public static final int LONGEST_TEXT = 4000;

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");
    private static final int MOST_DIGITS = 50;
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,60}(\\.\\d{1,60})?([eE][+-]?\\d{1,3})?");

    private Values() {}

    /** A value as JSON has it: the value to store, null for null and for what is empty. */
    public static @Nullable Object fromJson(Declaration declaration, @Nullable Object value) throws Unfit {
        if (value == null) {
            return null;
        }
        return switch (declaration.type()) {
            case TEXT, LOOKUP -> text(string(value, "text"), LONGEST_TEXT);
            case NUMBER -> number(value);
            case BOOLEAN -> {
                if (!(value instanceof Boolean)) {
                    throw wrongType("true or false", value);
                }
                yield value;
            }
            case DATE -> date(string(value, "a date, 2026-11-01,"));
            case TIMESTAMP -> timestamp(string(value, "an instant, 2026-11-01T08:00:00Z,"));
            case OPTION -> option(declaration, string(value, "one of the options"));
            case OPTIONS -> {
                if (!(value instanceof List<?> list)) {
                    throw wrongType("a list of options", value);
                }
                var chosen = new LinkedHashSet<String>();
                for (var element : list) {
                    if (element == null) {
                        throw new Unfit("wrong-type", "a list of options has no null in it");
                    }
                    var option = option(declaration, string(element, "one of the options"));
                    if (option != null) {
                        chosen.add(option);
                    }
                }
                yield chosen.isEmpty() ? null : List.copyOf(chosen);
            }
        };
    }

    /** A value as a cell of a table has it: the value to store, null when it is empty. */
    public static @Nullable Object fromText(Declaration declaration, String cell) throws Unfit {
        if (cell.isEmpty()) {
            return null;
        }
        return switch (declaration.type()) {
            case TEXT, DATE, TIMESTAMP, OPTION, LOOKUP -> fromJson(declaration, cell);
            case NUMBER -> {
                if (!NUMBER.matcher(cell).matches()) {
                    throw new Unfit("wrong-type", "a number would fit, digits with an optional point");
                }
                yield number(new BigDecimal(cell));
            }
            case BOOLEAN -> {
                if (cell.equalsIgnoreCase("true")) {
                    yield true;
                }
                if (cell.equalsIgnoreCase("false")) {
                    yield false;
                }
                throw new Unfit("wrong-type", "true or false would fit");
            }
            case OPTIONS -> fromJson(declaration, options(cell));
        };
    }

    /** A cell of a table, not empty, as JSON would have it: a {@link BigDecimal}, a boolean, a list or the text. */
    public static Object asJson(Declaration declaration, String cell) throws Unfit {
        return switch (declaration.type()) {
            case TEXT, DATE, TIMESTAMP, OPTION, LOOKUP -> cell;
            case NUMBER, BOOLEAN -> Objects.requireNonNullElse(fromText(declaration, cell), cell);
            case OPTIONS -> options(cell);
        };
    }

    private static List<String> options(String cell) {
        return Arrays.stream(cell.split(";")).map(String::strip).toList();
    }

    /** Text in NFC without what the database cannot hold; null when empty. */
    public static @Nullable String text(String text, int longest) throws Unfit {
        var plain = true;
        for (var i = 0; i < text.length(); i++) {
            var character = text.charAt(i);
            if (character == 0) {
                throw new Unfit("invalid-text", "text cannot have U+0000 in it");
            }
            if (character >= 0x80) {
                plain = false;
                if (Character.isSurrogate(character)) {
                    if (!Character.isHighSurrogate(character)
                            || i + 1 == text.length()
                            || !Character.isLowSurrogate(text.charAt(i + 1))) {
                        throw new Unfit("invalid-text", "text cannot have half a surrogate pair in it");
                    }
                    i++;
                }
            }
        }
        if (text.length() > longest) {
            throw new Unfit("too-long", "at most " + longest + " characters would fit, these are " + text.length());
        }
        if (text.isEmpty()) {
            return null;
        }
        return plain ? text : Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    /** An instant with an offset or Z, cut to microseconds. */
    public static Instant instant(String text) throws Unfit {
        try {
            var seconds = InstantText.wholeSeconds(text);
            var instant =
                    seconds == null ? OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS) : seconds;
            if (!instant.isBefore(EARLIEST) && !instant.isAfter(LATEST)) {
                return instant;
            }
        } catch (DateTimeException unreadable) {
            // falls through to the refusal below
        }
        throw new Unfit("wrong-type", "an instant with offset would fit, 2026-11-01T08:00:00Z");
    }

    private static @Nullable String timestamp(String text) throws Unfit {
        return text.isEmpty() ? null : instant(text).toString();
    }

    private static @Nullable String date(String text) throws Unfit {
        if (text.isEmpty()) {
            return null;
        }
        try {
            var date = LocalDate.parse(text);
            if (date.getYear() >= 1 && date.getYear() <= 9999) {
                return date.toString();
            }
        } catch (DateTimeException unreadable) {
            // falls through to the refusal below
        }
        throw new Unfit("wrong-type", "a date would fit, 2026-11-01");
    }

    private static Object number(Object value) throws Unfit {
        var number = switch (value) {
            case Integer _, Long _ -> null;
            case BigInteger whole -> new BigDecimal(whole);
            case BigDecimal exact -> exact;
            default -> throw wrongType("a number", value);
        };
        if (number == null) {
            return value;
        }
        if (number.precision() > MOST_DIGITS || Math.abs(number.scale()) > MOST_DIGITS) {
            throw new Unfit("out-of-range", "a number of at most " + MOST_DIGITS + " digits would fit");
        }
        return number;
    }

    private static @Nullable String option(Declaration declaration, String value) throws Unfit {
        var text = text(value, LONGEST_TEXT);
        if (text == null) {
            return null;
        }
        var folded = Fold.text(text);
        for (var option : declaration.options()) {
            if (Fold.text(option).equals(folded)) {
                return option;
            }
        }
        throw new Unfit(
                "unknown-option",
                "this is not among the options" + Nearest.advice(text, declaration.options()) + "; the options are "
                        + String.join(
                                ", ",
                                declaration
                                        .options()
                                        .subList(
                                                0,
                                                Math.min(
                                                        20,
                                                        declaration.options().size()))));
    }

    private static String string(Object value, String wanted) throws Unfit {
        if (value instanceof String text) {
            return text;
        }
        throw wrongType(wanted, value);
    }

    private static Unfit wrongType(String wanted, Object found) {
        var kind = switch (found) {
            case String _ -> "text";
            case Number _ -> "a number";
            case Boolean _ -> "true or false";
            case List<?> _ -> "a list";
            default -> "an object";
        };
        return new Unfit("wrong-type", wanted + " would fit, this is " + kind);
    }
}
