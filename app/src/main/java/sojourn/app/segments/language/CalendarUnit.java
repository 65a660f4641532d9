package sojourn.app.segments.language;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The units in which dates and instants are moved and measured; {@code DAYS} is read as {@code DAY}. */
public enum CalendarUnit {
    SECOND(0, 0, 1),
    MINUTE(0, 0, 60),
    HOUR(0, 0, 3600),
    DAY(0, 1, 0),
    WEEK(0, 7, 0),
    MONTH(1, 0, 0),
    QUARTER(3, 0, 0),
    YEAR(12, 0, 0);

    /** How far dates reach that anybody means; more would leave the calendars of Java and PostgreSQL. */
    private static final int MOST_MONTHS = 48_000;

    private static final int MOST = 1_000_000;

    private final int months;
    private final int days;
    private final int seconds;

    CalendarUnit(int months, int days, int seconds) {
        this.months = months;
        this.days = days;
        this.seconds = seconds;
    }

    static Optional<CalendarUnit> of(String word) {
        var upper = word.toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(unit -> upper.equals(unit.name()) || upper.equals(unit.name() + "S"))
                .findFirst();
    }

    static List<String> words(boolean onlyOfDates) {
        return Arrays.stream(values())
                .filter(unit -> unit.isOfDates() || !onlyOfDates)
                .map(Enum::name)
                .toList();
    }

    /** Whether it moves dates; the others are elapsed time. */
    boolean isOfDates() {
        return seconds == 0;
    }

    /** The most of them by which anything is moved. */
    int most() {
        return months == 0 ? MOST : MOST_MONTHS / months;
    }

    int months() {
        return months;
    }

    int days() {
        return days;
    }

    int seconds() {
        return seconds;
    }

    LocalDate later(LocalDate date, int count) {
        return date.plusMonths((long) months * count).plusDays((long) days * count);
    }
}
