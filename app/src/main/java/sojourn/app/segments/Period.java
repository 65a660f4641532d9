package sojourn.app.segments;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A stretch of local time by which things are counted. Days are as long as the zone's clocks make them. */
enum Period {
    HOUR,
    DAY,
    WEEK;

    static Optional<Period> of(String word) {
        return Arrays.stream(values())
                .filter(period -> period.word().equals(word))
                .findFirst();
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** When the period began in which an instant lies. */
    Instant begin(Instant instant, ZoneId zone) {
        var local = instant.atZone(zone);
        var date = local.toLocalDate();
        return switch (this) {
            case HOUR -> local.truncatedTo(ChronoUnit.HOURS).toInstant();
            case DAY -> midnight(date, zone);
            case WEEK -> midnight(date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)), zone);
        };
    }

    /** When the period ends that began then. */
    Instant next(Instant begin, ZoneId zone) {
        var date = begin.atZone(zone).toLocalDate();
        return switch (this) {
            case HOUR -> {
                var later = begin.plus(1, ChronoUnit.HOURS);
                var sharp = begin(later, zone);
                // Clocks that change by half an hour make one hour longer or shorter.
                yield sharp.isAfter(begin) ? sharp : later;
            }
            case DAY -> midnight(date.plusDays(1), zone);
            case WEEK -> midnight(date.plusWeeks(1), zone);
        };
    }

    private static Instant midnight(LocalDate date, ZoneId zone) {
        return date.atStartOfDay(zone).toInstant();
    }
}
