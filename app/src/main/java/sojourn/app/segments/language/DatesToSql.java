package sojourn.app.segments.language;

import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.stream.IntStream;
import sojourn.app.contacts.ValueType;

/** What {@link CalendarMath} computes in Java, as SQL. Where today comes in, it is bound. */
final class DatesToSql {

    private static final int LEAP_DAY = 229;
    private static final int LONGEST_YEAR = 366;

    private DatesToSql() {}

    static Sql add(Sql date, Value.DateAdd moved) {
        return Sql.fill(
                "segment_date_add({}, {}, {})",
                date,
                Sql.of("?", moved.unit().months() * moved.count()),
                Sql.of("?", moved.unit().days() * moved.count()));
    }

    static Sql add(Sql instant, Value.DateAdd moved, ZoneId zone) {
        return Sql.fill(
                "segment_instant_add({}, {}, {}, {}, {})",
                instant,
                Sql.of("?", moved.unit().months() * moved.count()),
                Sql.of("?", moved.unit().days() * moved.count()),
                Sql.of("?::bigint", (long) moved.unit().seconds() * moved.count()),
                Sql.of("?", zone.getId()));
    }

    /** Of two local times for days and longer, else of two instants. */
    static Sql elapsed(Sql from, Sql to, CalendarUnit unit) {
        if (unit.months() > 0) {
            return Sql.fill("trunc(segment_months({}, {}) / " + unit.months() + "::numeric)", from, to);
        }
        var seconds = unit.isOfDates() ? unit.days() * 86_400 : unit.seconds();
        return Sql.fill("trunc(extract(epoch from ({} - {})) / " + seconds + ")", to, from);
    }

    static Sql within(Condition.Within within, Sql moment, SqlContext context) {
        var zone = context.zone();
        var dates = CalendarMath.within(within, context.now().atZone(zone).toLocalDate());
        var isDate = Types.of(within.value()) == ValueType.DATE;
        if (within.anniversary()) {
            var date = isDate ? moment : Sql.fill("(({} at time zone {})::date)", moment, Sql.of("?", zone.getId()));
            return anniversary(date, dates);
        }
        return isDate
                ? between(moment, ValueToSql.date(dates.from()), ValueToSql.date(dates.until()))
                : between(
                        moment,
                        ValueToSql.instant(Moments.midnight(dates.from(), zone)),
                        ValueToSql.instant(Moments.midnight(dates.until(), zone)));
    }

    private static Sql between(Sql moment, Sql from, Sql until) {
        return Sql.fill("({} >= {} and {} < {})", moment, from, moment, until);
    }

    /**
     * Each year that the dates touch has a first and a last day, and a date comes round between them or does not. In 366
     * days every date does.
     */
    private static Sql anniversary(Sql date, CalendarMath.Dates dates) {
        var last = dates.until().minusDays(1);
        if (last.isBefore(dates.from())) {
            return Sql.of("false");
        }
        if (ChronoUnit.DAYS.between(dates.from(), dates.until()) >= LONGEST_YEAR) {
            return Sql.fill("{} < {}", date, ValueToSql.date(dates.until()));
        }
        return Sql.any(IntStream.rangeClosed(dates.from().getYear(), last.getYear())
                .mapToObj(year -> inYear(
                        date,
                        later(dates.from(), LocalDate.of(year, 1, 1)),
                        earlier(last, LocalDate.of(year, 12, 31)))));
    }

    private static Sql inYear(Sql date, LocalDate from, LocalDate to) {
        var end = number(to);
        // Where the 29th of February falls on the 28th, it belongs to what ends there.
        var lastNumber = end == LEAP_DAY - 1 && !to.isLeapYear() ? LEAP_DAY : end;
        return Sql.fill(
                "((extract(month from {}) * 100 + extract(day from {})) between {} and {} and extract(year from {}) <= {})",
                date,
                date,
                Sql.of("?", number(from)),
                Sql.of("?", lastNumber),
                date,
                Sql.of("?", from.getYear()));
    }

    private static int number(LocalDate date) {
        return date.getMonthValue() * 100 + date.getDayOfMonth();
    }

    private static LocalDate later(LocalDate one, LocalDate other) {
        return one.isAfter(other) ? one : other;
    }

    private static LocalDate earlier(LocalDate one, LocalDate other) {
        return one.isBefore(other) ? one : other;
    }
}
