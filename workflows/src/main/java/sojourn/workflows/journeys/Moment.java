package sojourn.workflows.journeys;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.TextStyle;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Optional;
import sojourn.workflows.journeys.Tile.WaitUntil;

/**
 * Until when a {@link WaitUntil} waits. Where a local time is skipped by a clock change it is as much later; where it comes
 * twice, it is the first.
 */
final class Moment {

    private Moment() {}

    /**
     * The moment that a tile means.
     *
     * @param arrived when the visit began: a weekday or a time of day is the next one from there
     * @param zone whose clock the tile means
     * @return empty when the attribute that says it has no value
     */
    static Optional<Instant> of(WaitUntil tile, Instant arrived, ZoneId zone, Planner.World world) {
        if (tile.at() != null) {
            return Optional.of(tile.at().atZone(zone).toInstant());
        }
        if (tile.attribute() != null) {
            return world.moment(tile.attribute()).map(value -> at(tile, value, zone));
        }
        return Optional.of(next(tile, arrived, zone));
    }

    /** @param value a {@link LocalDate} or an {@link Instant} */
    private static Instant at(WaitUntil tile, Object value, ZoneId zone) {
        var start = value instanceof LocalDate date ? date.atStartOfDay(zone).toInstant() : (Instant) value;
        var moved = (tile.offset() == null ? Offset.NONE : tile.offset()).from(start, zone);
        return tile.time() == null
                ? moved
                : LocalDateTime.ofInstant(moved, zone)
                        .toLocalDate()
                        .atTime(tile.time())
                        .atZone(zone)
                        .toInstant();
    }

    /** A weekday without a time is all of that day: whoever arrives on it does not wait. */
    private static Instant next(WaitUntil tile, Instant arrived, ZoneId zone) {
        var here = arrived.atZone(zone);
        var day = tile.weekday() == null
                ? here.toLocalDate()
                : here.toLocalDate()
                        .with(TemporalAdjusters.nextOrSame(tile.weekday().day()));
        if (tile.time() == null) {
            return day.equals(here.toLocalDate())
                    ? arrived
                    : day.atStartOfDay(zone).toInstant();
        }
        var first = at(day, tile.time(), zone);
        return first.isBefore(arrived) ? at(day.plusDays(tile.weekday() == null ? 1 : 7), tile.time(), zone) : first;
    }

    private static Instant at(LocalDate day, LocalTime time, ZoneId zone) {
        return day.atTime(time).atZone(zone).toInstant();
    }

    /** What a person reads: {@code until 2026-12-24T09:00}, {@code until 3 days before birthday at 09:00}. */
    static String inWords(WaitUntil tile) {
        var words = new StringBuilder("until");
        if (tile.at() != null) {
            return words.append(' ').append(tile.at()).toString();
        }
        if (tile.attribute() != null) {
            var offset = tile.offset() == null ? "" : tile.offset().inWords();
            words.append(offset.isEmpty() ? "" : " " + offset).append(' ').append(tile.attribute());
        }
        if (tile.weekday() != null) {
            words.append(' ').append(tile.weekday().day().getDisplayName(TextStyle.FULL, Locale.ENGLISH));
        }
        if (tile.time() != null) {
            words.append(tile.attribute() == null && tile.weekday() == null ? " " : " at ")
                    .append(tile.time());
        }
        return words.toString();
    }
}
