package sojourn.app.segments.language;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.regex.Pattern;
import sojourn.app.contacts.ValueType;
import sojourn.app.segments.language.Parsed.Operand;

/** Reads dates and times as they stand in quotes, or as the numbers of {@code DATE(...)}. */
final class DateLiterals {

    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern LOCAL = Pattern.compile(DATE + "T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?");
    private static final Pattern OFFSET = Pattern.compile(LOCAL + "(Z|[+-]\\d{2}:\\d{2})");

    private DateLiterals() {}

    static Operand read(String text, Token at, Complaints complaints) {
        try {
            if (DATE.matcher(text).matches()) {
                return Operand.of(new Value.Day(inRange(LocalDate.parse(text))), ValueType.DATE, at);
            } else if (LOCAL.matcher(text).matches()) {
                var time = LocalDateTime.parse(text);
                inRange(time.toLocalDate());
                return Operand.of(new Value.LocalTime(time), ValueType.TIMESTAMP, at);
            } else if (OFFSET.matcher(text).matches()) {
                // As it is printed: an offset may lead into the year before the first or behind the last.
                var time = OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC);
                inRange(time.toLocalDate());
                return Operand.of(new Value.Moment(time.toInstant()), ValueType.TIMESTAMP, at);
            }
        } catch (DateTimeException noSuchDate) {
            complaints.add(at, "invalid-date", "There is no such date or time: '" + text + "'");
            return Operand.unknown(at);
        }
        complaints.add(
                at,
                "invalid-date",
                at.shown() + " is no date or time; write '2026-11-01', '2026-11-01T08:00' or '2026-11-01T08:00:00Z'");
        return Operand.unknown(at);
    }

    /** From year, month, day and, when there are more, hour, minute, second and millisecond. */
    static Operand of(List<Integer> numbers, Token at, Complaints complaints) {
        try {
            var date = inRange(LocalDate.of(numbers.get(0), numbers.get(1), numbers.get(2)));
            if (numbers.size() == 3) {
                return Operand.of(new Value.Day(date), ValueType.DATE, at);
            }
            var time = date.atTime(numbers.get(3), at(numbers, 4), at(numbers, 5))
                    .with(ChronoField.MILLI_OF_SECOND, at(numbers, 6));
            return Operand.of(new Value.LocalTime(time), ValueType.TIMESTAMP, at);
        } catch (DateTimeException noSuchDate) {
            complaints.add(at, "invalid-date", "There is no such date or time");
            return Operand.unknown(at);
        }
    }

    private static int at(List<Integer> numbers, int index) {
        return index < numbers.size() ? numbers.get(index) : 0;
    }

    private static LocalDate inRange(LocalDate date) {
        if (date.getYear() < 1 || date.getYear() > 9999) {
            throw new DateTimeException("year");
        }
        return date;
    }
}
