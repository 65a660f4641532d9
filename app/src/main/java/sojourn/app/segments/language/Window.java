package sojourn.app.segments.language;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The stretch of time whose interactions count. It moves with the clock; all its arithmetic is done here, in Java. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Window.Rolling.class, name = "rolling"),
    @JsonSubTypes.Type(value = Window.Between.class, name = "between"),
    @JsonSubTypes.Type(value = Window.This.class, name = "this"),
    @JsonSubTypes.Type(value = Window.Previous.class, name = "previous")
})
public sealed interface Window {

    /** The longest count that may be written; a start before year 1 is year 1. */
    int LONGEST = 1_000_000;

    /** {@code DAYS(n)}, {@code UTCDAYS(n)}: from n units ago, that very moment excluded, until now. */
    record Rolling(int count, Unit unit, boolean utc) implements Window {
        public Rolling {
            positive(count);
        }

        /** Minutes and hours are elapsed time; days and longer go back on the calendar, to the same time of day. */
        Instant start(Instant now, ZoneId zone) {
            var local = now.atZone(utc ? ZoneOffset.UTC : zone);
            var start = switch (unit) {
                case MINUTES -> now.minus(Duration.ofMinutes(count));
                case HOURS -> now.minus(Duration.ofHours(count));
                case DAYS -> local.minusDays(count).toInstant();
                case WEEKS -> local.minusWeeks(count).toInstant();
                case MONTHS -> local.minusMonths(count).toInstant();
                case YEARS -> local.minusYears(count).toInstant();
            };
            return Moments.notBeforeYearOne(start);
        }
    }

    /** {@code BETWEEN(from, to)}: {@code to} is excluded. */
    record Between(Value from, Value to) implements Window {

        /** Zones as far apart as there are any: a local time is one of them or lies in between. */
        private static final List<ZoneId> ZONES =
                List.of(ZoneOffset.ofHours(14), ZoneOffset.UTC, ZoneOffset.ofHours(-12));

        private static final Instant FIRST_TRIED = Instant.parse("2024-01-01T00:00:00Z");
        private static final int TRIED = 250;
        private static final Duration APART = Duration.ofHours(35);

        /** Whether it runs from the earlier to the later at any of many moments of a leap year, in any zone: else it never does. */
        boolean everRunsForward() {
            return Stream.iterate(FIRST_TRIED, now -> now.plus(APART))
                    .limit(TRIED)
                    .anyMatch(now -> ZONES.stream().anyMatch(zone -> runsForward(now, zone)));
        }

        private boolean runsForward(Instant now, ZoneId zone) {
            return Moments.instant(from, now, zone).isBefore(Moments.instant(to, now, zone));
        }
    }

    /** {@code THIS(unit)}: the calendar period in which now falls. */
    record This(Calendar unit) implements Window {}

    /** {@code PREVIOUS(n, unit)}: the n whole calendar periods before this one, together. */
    record Previous(int count, Calendar unit) implements Window {
        public Previous {
            positive(count);
        }
    }

    /** The interactions with {@code after < occurredAt <= until}; without {@code after}, all since ever. */
    record Range(@Nullable Instant after, Instant until) {

        public boolean contains(Instant instant) {
            return (after == null || instant.isAfter(after)) && !instant.isAfter(until);
        }

        boolean isEmpty() {
            return after != null && !until.isAfter(after);
        }
    }

    enum Unit {
        MINUTES,
        HOURS,
        DAYS,
        WEEKS,
        MONTHS,
        YEARS
    }

    enum Calendar {
        DAY,
        WEEK,
        MONTH,
        QUARTER,
        YEAR
    }

    /** The range that a window, or the absence of one, stands for at one moment. */
    static Range range(@Nullable Window window, Instant now, ZoneId zone) {
        return switch (window) {
            case null -> new Range(null, now);
            case Rolling rolling -> new Range(rolling.start(now, zone), now);
            case Between(var from, var to) ->
                closed(Moments.instant(from, now, zone), Moments.instant(to, now, zone), now);
            case This(var unit) -> {
                var begin = begin(unit, now.atZone(zone).toLocalDate());
                yield closed(midnight(begin, zone), midnight(later(begin, unit, 1), zone), now);
            }
            case Previous(var count, var unit) -> {
                var end = begin(unit, now.atZone(zone).toLocalDate());
                yield closed(midnight(later(end, unit, -count), zone), midnight(end, zone), now);
            }
        };
    }

    /**
     * Where the interactions lie that came in or fell out when the clock went from one moment to the other: only
     * contacts with one there can have changed by it.
     */
    static List<Range> moved(@Nullable Window window, Instant before, Instant now, ZoneId zone) {
        var old = range(window, before, zone);
        var young = range(window, now, zone);
        var atStart = old.after() == null || young.after() == null
                ? Stream.<Range>of()
                : Stream.of(between(old.after(), young.after()));
        return Stream.concat(atStart, Stream.of(between(old.until(), young.until())))
                .filter(range -> !range.isEmpty())
                .toList();
    }

    private static Range between(Instant one, Instant other) {
        return one.isBefore(other) ? new Range(one, other) : new Range(other, one);
    }

    /** Instants are stored to the microsecond, so that leaving {@code to} out is to end one before it. */
    private static Range closed(Instant from, Instant to, Instant now) {
        var last = to.minus(1, ChronoUnit.MICROS);
        return new Range(from.minus(1, ChronoUnit.MICROS), last.isBefore(now) ? last : now);
    }

    private static Instant midnight(LocalDate date, ZoneId zone) {
        return Moments.notBeforeYearOne(date.atStartOfDay(zone).toInstant());
    }

    private static LocalDate begin(Calendar unit, LocalDate today) {
        return switch (unit) {
            case DAY -> today;
            case WEEK -> today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> today.withDayOfMonth(1);
            case QUARTER -> today.with(IsoFields.DAY_OF_QUARTER, 1);
            case YEAR -> today.withDayOfYear(1);
        };
    }

    private static LocalDate later(LocalDate date, Calendar unit, int count) {
        return switch (unit) {
            case DAY -> date.plusDays(count);
            case WEEK -> date.plusWeeks(count);
            case MONTH -> date.plusMonths(count);
            case QUARTER -> date.plusMonths(3L * count);
            case YEAR -> date.plusYears(count);
        };
    }

    private static void positive(int count) {
        if (count < 1 || count > LONGEST) {
            throw new IllegalArgumentException("A window is 1 to " + LONGEST + " units long");
        }
    }
}
