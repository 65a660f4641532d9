package sojourn.workflows.journeys;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;

/**
 * An ISO 8601 duration with calendar and clock parts ({@code P1M}, {@code P1W}, {@code P1DT2H}), never negative and at
 * most a century. The calendar part counts in a zone, so that 09:00 stays 09:00 over a clock change; the clock part is
 * elapsed time after it.
 */
public record Span(Period calendar, Duration clock) {

    /** A century; what is far beyond it has no instant in PostgreSQL and no timer in Temporal. */
    private static final long LONGEST_DAYS = 36_600;

    public static final Span ZERO = new Span(Period.ZERO, Duration.ZERO);

    public Span {
        if (calendar.isNegative() || clock.isNegative()) {
            throw new IllegalArgumentException("A duration here cannot be negative");
        }
        if (calendar.getYears() * 366L + calendar.getMonths() * 31L + calendar.getDays() + clock.toDays()
                > LONGEST_DAYS) {
            throw new IllegalArgumentException("A duration here is 100 years at most");
        }
    }

    /** Reads the ISO form; an {@link IllegalArgumentException} says what would fit. */
    @JsonCreator
    public static Span parse(String text) {
        try {
            var clockAt = text.indexOf('T');
            if (!text.startsWith("P") || text.length() < 3 || clockAt == text.length() - 1) {
                throw new DateTimeParseException("not a duration", text, 0);
            }
            var calendar = clockAt == 1 ? Period.ZERO : Period.parse(clockAt < 0 ? text : text.substring(0, clockAt));
            var clock = clockAt < 0 ? Duration.ZERO : Duration.parse("P" + text.substring(clockAt));
            return new Span(calendar, clock);
        } catch (DateTimeParseException | ArithmeticException malformed) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a duration; one like P5D, P1M, PT30M or P1DT2H would fit", malformed);
        }
    }

    public boolean isZero() {
        return calendar.isZero() && clock.isZero();
    }

    /** The instant this much after another, the calendar part counted in {@code zone}. */
    public Instant after(Instant start, ZoneId zone) {
        return start.atZone(zone).plus(calendar).toInstant().plus(clock);
    }

    /** The same, so many times; all calendar parts at once: twice a month after the 31st is the 31st again. */
    public Instant after(Instant start, int times, ZoneId zone) {
        return start.atZone(zone).plus(calendar.multipliedBy(times)).toInstant().plus(clock.multipliedBy(times));
    }

    /** The instant this much before another. */
    public Instant before(Instant end, ZoneId zone) {
        return end.atZone(zone).minus(calendar).toInstant().minus(clock);
    }

    /** As a person says it: {@code 5 days}, {@code 1 month 2 hours}; {@code no time} when zero. */
    public String inWords() {
        var words = new StringBuilder();
        append(words, calendar.getYears(), "year");
        append(words, calendar.getMonths(), "month");
        append(words, calendar.getDays(), "day");
        append(words, clock.toHours(), "hour");
        append(words, clock.toMinutesPart(), "minute");
        append(words, clock.toSecondsPart(), "second");
        return words.isEmpty() ? "no time" : words.toString();
    }

    private static void append(StringBuilder words, long count, String unit) {
        if (count != 0) {
            words.append(words.isEmpty() ? "" : " ")
                    .append(count)
                    .append(' ')
                    .append(unit)
                    .append(count == 1 ? "" : "s");
        }
    }

    @JsonValue
    @Override
    public String toString() {
        if (clock.isZero()) {
            return calendar.toString();
        }
        var clockPart = clock.toString().substring(1);
        return calendar.isZero() ? "P" + clockPart : calendar + clockPart;
    }
}
