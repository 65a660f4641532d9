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
     * @param visit when it began: a weekday or a time of day is the next one from there, but for the one by which the run
     *     left the tile before
     * @param zone whose clock the tile means
     * @return empty when the attribute that says it has no value
     */
    static Optional<Instant> of(WaitUntil tile, Planner.Visit visit, ZoneId zone, Planner.World world) {
        if (tile.at() != null) {
            return Optional.of(tile.at().atZone(zone).toInstant());
        }
        if (tile.attribute() != null) {
            return world.moment(tile.attribute()).map(value -> at(tile, value, zone));
        }
        var left = tile.passes() == null ? Optional.<Instant>empty() : world.left(visit.tile());
        return Optional.of(next(tile, visit.enteredAt(), left, zone));
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

    /** A weekday without a time is all of that day: whoever arrives on it does not wait, unless it left on it too. */
    private static Instant next(WaitUntil tile, Instant arrived, Optional<Instant> left, ZoneId zone) {
        var here = arrived.atZone(zone);
        var day = tile.weekday() == null
                ? here.toLocalDate()
                : here.toLocalDate()
                        .with(TemporalAdjusters.nextOrSame(tile.weekday().day()));
        if (tile.time() == null) {
            if (!day.equals(here.toLocalDate())) {
                return day.atStartOfDay(zone).toInstant();
            }
            var today = day.atStartOfDay(zone).toInstant();
            return left.filter(at -> !at.isBefore(today)).isPresent()
                    ? day.plusDays(7).atStartOfDay(zone).toInstant()
                    : arrived;
        }
        var first = at(day, tile.time(), zone);
        var over = first.isBefore(arrived)
                || left.filter(at -> !at.isBefore(first)).isPresent();
        return over ? at(day.plusDays(tile.weekday() == null ? 1 : 7), tile.time(), zone) : first;
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
