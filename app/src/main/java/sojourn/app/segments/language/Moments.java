package sojourn.app.segments.language;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import sojourn.app.contacts.ValueType;

/** What the literals and functions of time mean at one moment in one zone. */
final class Moments {

    private static final Instant YEAR_ONE = Instant.parse("0001-01-01T00:00:00Z");

    private Moments() {}

    static Instant instant(Value value, Instant now, ZoneId zone) {
        return switch (value) {
            case Value.Day(var date) -> midnight(date, zone);
            case Value.LocalTime(var time) -> time.atZone(zone).toInstant();
            case Value.Moment(var instant) -> instant;
            case Value.Now() -> now;
            case Value.Today() -> midnight(now.atZone(zone).toLocalDate(), zone);
            case Value.DateAdd moved when Types.of(moved) == ValueType.DATE -> midnight(date(moved), zone);
            case Value.DateAdd(var unit, var count, var to) ->
                CalendarMath.add(instant(to, now, zone), unit, count, zone);
            default -> throw new IllegalArgumentException("Not a moment: " + value);
        };
    }

    /** A date that is known without looking at anybody. */
    static LocalDate date(Value value) {
        return switch (value) {
            case Value.Day(var date) -> date;
            case Value.DateAdd(var unit, var count, var to) -> CalendarMath.add(date(to), unit, count);
            default -> throw new IllegalArgumentException("Not a date: " + value);
        };
    }

    static Instant midnight(LocalDate date, ZoneId zone) {
        return date.atStartOfDay(zone).toInstant();
    }

    /** Nothing occurred before it, and what computes with instants need not reach further. */
    static Instant notBeforeYearOne(Instant instant) {
        return instant.isBefore(YEAR_ONE) ? YEAR_ONE : instant;
    }
}
