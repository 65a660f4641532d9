package sojourn.workflows.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a message may be sent, by the clock of its contact.
 *
 * @param days on which the window opens; every day when null
 * @param from when it opens, midnight when null
 * @param to when it closes, the next midnight when null; at or before {@code from} it closes on the day after
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SendWindow(
        @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<Day> days,
        @Nullable LocalTime from,
        @Nullable LocalTime to) {

    /** Clock changes may swallow a window, not those of two weeks. */
    private static final int DAYS_AHEAD = 15;

    public SendWindow {
        days = days == null ? null : List.copyOf(days);
    }

    /** In the order of ISO 8601. */
    public enum Day {
        monday,
        tuesday,
        wednesday,
        thursday,
        friday,
        saturday,
        sunday
    }

    /** One time that the window is open. */
    public record Opening(Instant from, Instant to) {}

    /** {@code at} when the window is open then, else when it opens next. */
    public Instant opens(Instant at, ZoneId zone) {
        var opening = opening(at, zone);
        return opening.from().isAfter(at) ? opening.from() : at;
    }

    /** The time that it is open in which {@code at} lies, else the next. */
    public Opening opening(Instant at, ZoneId zone) {
        var today = at.atZone(zone).toLocalDate();
        for (var day = today.minusDays(1); day.isBefore(today.plusDays(DAYS_AHEAD)); day = day.plusDays(1)) {
            var closes = day.plusDays(closesOnTheDayAfter() ? 1 : 0);
            var start = ZonedDateTime.of(day, opening(), zone).toInstant();
            var end = ZonedDateTime.of(closes, to == null ? LocalTime.MIDNIGHT : to, zone)
                    .toInstant();
            if (opensOn(day.getDayOfWeek().getValue()) && end.isAfter(start) && end.isAfter(at)) {
                return new Opening(start, end);
            }
        }
        // No day is named: check says so before a journey goes live.
        return new Opening(at, at.plus(1, ChronoUnit.DAYS));
    }

    private boolean closesOnTheDayAfter() {
        return to == null || !to.isAfter(opening());
    }

    private LocalTime opening() {
        return from == null ? LocalTime.MIDNIGHT : from;
    }

    private boolean opensOn(int dayOfWeek) {
        return days == null || days.contains(Day.values()[dayOfWeek - 1]);
    }
}
