package sojourn.app.journeys;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.JourneyDocument.Limits;
import sojourn.workflows.journeys.SendWindow;

/**
 * How fast contacts enter under limits: some at a time, and then nobody until the next turn. A turn that nobody took is not
 * made up for, so that contacts never come in a burst; and no hour, and no day's opening, ever has more than it may.
 *
 * @param limits null when there are none
 * @param zone of the journey
 */
record EntryPace(@Nullable Limits limits, ZoneId zone) {

    /** Where nothing says how many may enter in a time. */
    static final int AT_ONCE = 500;

    /** How far it is worth to look ahead: openings, of which there is one a day at most. */
    private static final int LONGEST_LOOK = 1100;

    /** The first instant, at or after another, at which contacts may enter. */
    Instant opens(Instant at) {
        return limits == null ? at : window().opens(at, zone);
    }

    /** How many contacts may enter at a turn. */
    int places(Instant turn) {
        return paced() ? places(opening(turn)) : AT_ONCE;
    }

    /** When the turn after one is, at the earliest. */
    Instant after(Instant turn) {
        return paced() ? opens(turn.plus(gap(opening(turn)))) : opens(turn);
    }

    /**
     * When the turn of somebody in line comes, if all before get in and nobody is let in by hand.
     *
     * @param next the next turn
     * @param before how many are before
     * @return empty when that is years ahead
     */
    Optional<Instant> turn(Instant next, long before) {
        var turn = opens(next);
        if (!paced()) {
            return Optional.of(turn);
        }
        var left = before;
        for (var looked = 0; looked < LONGEST_LOOK; looked++) {
            var opening = opening(turn);
            var places = places(opening);
            var gap = micros(gap(opening));
            var turns = Math.ceilDiv(micros(Duration.between(turn, opening.to())), gap);
            if (left < turns * places) {
                return Optional.of(turn.plus(gap * (left / places), ChronoUnit.MICROS));
            }
            left -= turns * places;
            turn = opens(turn.plus(gap * turns, ChronoUnit.MICROS));
        }
        return Optional.empty();
    }

    private boolean paced() {
        return limits != null && (limits.perHour() != null || limits.perDay() != null);
    }

    /** At most so many in a time. */
    private record Rate(int most, Duration in) {

        int inASecond() {
            return Math.toIntExact(Math.ceilDiv(most, Math.max(1, in.toSeconds())));
        }

        /** Rounded up, so that the rate is never exceeded. */
        long gapOf(int places) {
            return Math.ceilDiv(micros(in), Math.max(1, most / places));
        }
    }

    private Stream<Rate> rates(SendWindow.Opening opening) {
        var perHour = limits == null ? null : limits.perHour();
        var perDay = limits == null ? null : limits.perDay();
        return Stream.of(
                        Optional.ofNullable(perHour).map(most -> new Rate(most, Duration.ofHours(1))),
                        Optional.ofNullable(perDay)
                                .map(most -> new Rate(most, Duration.between(opening.from(), opening.to()))))
                .flatMap(Optional::stream);
    }

    /** As many as would come in a second, so that the line need not be looked at more often. */
    private int places(SendWindow.Opening opening) {
        return Math.min(AT_ONCE, rates(opening).mapToInt(Rate::inASecond).min().orElse(AT_ONCE));
    }

    private Duration gap(SendWindow.Opening opening) {
        var places = places(opening);
        return Duration.of(
                rates(opening).mapToLong(rate -> rate.gapOf(places)).max().orElse(0), ChronoUnit.MICROS);
    }

    private SendWindow.Opening opening(Instant at) {
        return window().opening(at, zone);
    }

    private SendWindow window() {
        var hours = limits == null ? null : limits.hours();
        return new SendWindow(
                limits == null ? null : limits.weekdays(),
                hours == null ? null : hours.from(),
                hours == null ? null : hours.to());
    }

    private static long micros(Duration duration) {
        return duration.dividedBy(Duration.of(1, ChronoUnit.MICROS));
    }
}
