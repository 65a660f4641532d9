package sojourn.app.segments.language;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.MonthDay;
import java.time.ZoneId;

/**
 * DATEADD, DATEDIFF and the date ranges of LAST and NEXT, in Java. In SQL {@code segment_date_add},
 * {@code segment_instant_add} and {@code segment_months} say the same.
 */
final class CalendarMath {

    private static final LocalDate FIRST_DATE = LocalDate.of(1, 1, 1);
    private static final LocalDate LAST_DATE = LocalDate.of(9999, 12, 31);
    private static final Instant FIRST_INSTANT = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST_INSTANT = Instant.parse("9999-12-31T23:59:59.999999Z");

    private CalendarMath() {}

    /** Dates with {@code from <= date < until}. */
    record Dates(LocalDate from, LocalDate until) {

        boolean contain(LocalDate date) {
            return !date.isBefore(from) && date.isBefore(until);
        }
    }

    /** Beyond the years 1 to 9999 there is only their first and last day. */
    static LocalDate add(LocalDate date, CalendarUnit unit, int count) {
        var later = unit.later(date, count);
        return later.isBefore(FIRST_DATE) ? FIRST_DATE : later.isAfter(LAST_DATE) ? LAST_DATE : later;
    }

    /** Minutes and hours are elapsed time; days and longer go along the calendar, to the same time of day. */
    static Instant add(Instant instant, CalendarUnit unit, int count, ZoneId zone) {
        var later = instant.plus(Duration.ofSeconds((long) unit.seconds() * count));
        if (unit.isOfDates() && count != 0) {
            var local = LocalDateTime.ofInstant(instant, zone);
            later = unit.later(local.toLocalDate(), count)
                    .atTime(local.toLocalTime())
                    .atZone(zone)
                    .toInstant();
        }
        return later.isBefore(FIRST_INSTANT) ? FIRST_INSTANT : later.isAfter(LAST_INSTANT) ? LAST_INSTANT : later;
    }

    /** Whole units of elapsed time from one instant to the other; negative when it goes back. */
    static long elapsed(Instant from, Instant to, CalendarUnit unit) {
        return Duration.between(from, to).dividedBy(Duration.ofSeconds(unit.seconds()));
    }

    /** Whole days, weeks, months, quarters or years of the calendar; negative when it goes back. */
    static long elapsed(LocalDateTime from, LocalDateTime to, CalendarUnit unit) {
        return unit.months() > 0
                ? months(from, to) / unit.months()
                : Duration.between(from, to).dividedBy(Duration.ofDays(unit.days()));
    }

    /** A month is whole when its day and time of day are reached; the 28th of February does not complete the 31st's. */
    private static long months(LocalDateTime from, LocalDateTime to) {
        var months = (to.getYear() - from.getYear()) * 12L + to.getMonthValue() - from.getMonthValue();
        var rest = Duration.between(
                        from.withMonth(1).withYear(2000), to.withMonth(1).withYear(2000))
                .compareTo(Duration.ZERO);
        if (months > 0 && rest < 0) {
            return months - 1;
        }
        return months < 0 && rest > 0 ? months + 1 : months;
    }

    /** LAST(n): the dates after today - n, up to today. NEXT(n): from today on, before today + n. */
    static Dates within(Condition.Within condition, LocalDate today) {
        return switch (condition.direction()) {
            case LAST ->
                new Dates(add(today, condition.unit(), -condition.count()).plusDays(1), today.plusDays(1));
            case NEXT -> new Dates(today, add(today, condition.unit(), condition.count()));
        };
    }

    /** Whether a day comes round within the dates, in its own year or a later one. */
    static boolean hasAnniversary(LocalDate day, Dates dates) {
        var first = Math.max(dates.from().getYear(), day.getYear());
        var last = dates.until().getYear();
        for (var year = first; year <= last; year++) {
            if (dates.contain(MonthDay.from(day).atYear(year))) {
                return true;
            }
        }
        return false;
    }
}
