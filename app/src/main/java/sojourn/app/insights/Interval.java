package sojourn.app.insights;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of time.
 *
 * @param from its first instant; null when it has no beginning
 * @param to the first instant after it; null when it has no end
 */
record Interval(@Nullable Instant from, @Nullable Instant to) {

    /** All hours or days (UTC) that lie in it as a whole, which follow one another; empty when there are none. */
    Optional<Interval> whole(ChronoUnit unit) {
        var first = from == null ? null : upTo(from, unit);
        var end = to == null ? null : to.truncatedTo(unit);
        return first != null && end != null && !first.isBefore(end)
                ? Optional.empty()
                : Optional.of(new Interval(first, end));
    }

    private static Instant upTo(Instant instant, ChronoUnit unit) {
        var began = instant.truncatedTo(unit);
        return began.equals(instant) ? began : began.plus(1, unit);
    }

    /** What is left at either end without a part of it. */
    List<Interval> without(Interval part) {
        return Stream.of(new Interval(from, part.from), new Interval(part.to, to))
                .filter(end -> !Objects.equals(end.from, end.to))
                .toList();
    }
}
