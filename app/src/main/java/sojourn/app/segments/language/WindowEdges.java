package sojourn.app.segments.language;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * When interactions come into a window or fall out of it as the clock goes on. All such instants are found; some at which
 * nothing happens may be among them.
 *
 * <p>The start of a rolling window goes with the clock, second by second, except where it jumps: at midnights (months are
 * not equally long) and at clock changes, of now and of the start. Between two such breaks it passes an interaction at
 * most once, and when is plain subtraction.
 */
final class WindowEdges {

    /** Beyond it nobody waits for anything. */
    private static final int LAST_YEAR = 9998;

    private static final Duration NEAR = Duration.ofDays(6);

    private final ZoneId zone;
    private final NavigableSet<Instant> edges = new TreeSet<>();

    private WindowEdges(ZoneId zone) {
        this.zone = zone;
    }

    /** Whether they can be told: a window from or to a function of now moves in ways of its own. */
    static boolean areKnown(@Nullable Window window) {
        return switch (window) {
            case null -> true;
            case Window.Rolling _, Window.This _, Window.Previous _ -> true;
            case Window.Between(var from, var to) -> !TreeWalk.readsClock(from) && !TreeWalk.readsClock(to);
        };
    }

    static NavigableSet<Instant> of(@Nullable Window window, Collection<Instant> occurred, ZoneId zone) {
        var utc = window instanceof Window.Rolling(var _, var _, var isUtc) && isUtc;
        var edges = new WindowEdges(utc ? ZoneOffset.UTC : zone);
        occurred.forEach(instant -> edges.add(window, instant));
        return edges.edges;
    }

    private void add(@Nullable Window window, Instant occurred) {
        edges.add(occurred);
        switch (window) {
            case null -> {}
            case Window.Between _ -> {}
            case Window.Rolling rolling -> addRolling(rolling, occurred);
            case Window.This(var unit) -> addPeriods(occurred, unit, 0);
            case Window.Previous(var count, var unit) -> {
                addPeriods(occurred, unit, 0);
                addPeriods(occurred, unit, count);
            }
        }
    }

    /** The beginnings of the period some periods after that of the interaction, and of those around it. */
    private void addPeriods(Instant occurred, Window.Calendar unit, int later) {
        var date = occurred.atZone(zone).toLocalDate();
        IntStream.rangeClosed(0, 2)
                .mapToObj(more -> begin(date, unit, later + more))
                .filter(begin -> begin.getYear() <= LAST_YEAR)
                .forEach(begin -> {
                    edges.addAll(instants(begin.atStartOfDay()));
                    var midnight = Moments.midnight(begin, zone);
                    changes(midnight.minus(1, ChronoUnit.DAYS), midnight.plus(1, ChronoUnit.DAYS))
                            .forEach(change -> edges.add(change.getInstant()));
                });
    }

    /** The begin of the period that is so many periods after the one in which the date lies. */
    private static LocalDate begin(LocalDate date, Window.Calendar unit, int later) {
        return switch (unit) {
            case DAY -> date.plusDays(later);
            case WEEK -> date.minusDays(date.getDayOfWeek().getValue() - 1L).plusWeeks(later);
            case MONTH -> date.withDayOfMonth(1).plusMonths(later);
            case QUARTER ->
                date.withDayOfMonth(1)
                        .minusMonths((date.getMonthValue() - 1L) % 3)
                        .plusMonths(3L * later);
            case YEAR -> date.withDayOfYear(1).plusYears(later);
        };
    }

    private void addRolling(Window.Rolling rolling, Instant occurred) {
        var count = rolling.count();
        switch (rolling.unit()) {
            case MINUTES -> edges.add(occurred.plus(Duration.ofMinutes(count)));
            case HOURS -> edges.add(occurred.plus(Duration.ofHours(count)));
            case DAYS -> addAround(rolling, occurred, local(occurred).plusDays(count));
            case WEEKS -> addAround(rolling, occurred, local(occurred).plusWeeks(count));
            case MONTHS -> addAround(rolling, occurred, local(occurred).plusMonths(count));
            case YEARS -> addAround(rolling, occurred, local(occurred).plusYears(count));
        }
    }

    private LocalDateTime local(Instant instant) {
        return instant.atZone(zone).toLocalDateTime();
    }

    /** The start of the window passes the interaction about {@code end}, or a few days later where months are short. */
    private void addAround(Window.Rolling rolling, Instant occurred, LocalDateTime end) {
        if (end.getYear() > LAST_YEAR) {
            return;
        }
        var first = end.toLocalDate().minusDays(1);
        var dates = first.datesUntil(first.plusDays(7)).toList();
        var begin = Moments.midnight(first, zone);
        var breaks = new TreeSet<Instant>(List.of(begin));
        dates.forEach(date -> breaks.addAll(instants(date.atStartOfDay())));
        changes(begin, begin.plus(NEAR).plus(NEAR)).forEach(change -> breaks.add(change.getInstant()));
        for (var change : changes(occurred.minus(NEAR), occurred.plus(NEAR))) {
            for (var date : dates) {
                breaks.addAll(instants(date.atTime(change.getDateTimeBefore().toLocalTime())));
                breaks.addAll(instants(date.atTime(change.getDateTimeAfter().toLocalTime())));
            }
        }
        edges.addAll(breaks);
        for (var from : breaks) {
            var passing = from.plus(Duration.between(rolling.start(from, zone), occurred));
            var next = breaks.higher(from);
            if (!passing.isBefore(from) && (next == null || passing.isBefore(next))) {
                edges.add(passing);
            }
        }
    }

    /** The instants that a local time is: two where clocks go back, and where they skip it, the one that it means. */
    private List<Instant> instants(LocalDateTime local) {
        var offsets = zone.getRules().getValidOffsets(local);
        return offsets.isEmpty()
                ? List.of(local.atZone(zone).toInstant())
                : offsets.stream().map(local::toInstant).toList();
    }

    private List<ZoneOffsetTransition> changes(Instant from, Instant to) {
        var changes = new ArrayList<ZoneOffsetTransition>();
        var rules = zone.getRules();
        for (var change = rules.nextTransition(from);
                change != null && change.getInstant().isBefore(to);
                change = rules.nextTransition(change.getInstant())) {
            changes.add(change);
        }
        return changes;
    }
}
