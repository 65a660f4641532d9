package sojourn.app.segments;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import sojourn.app.segments.language.Needs;

/**
 * When a live segment is evaluated in full again.
 *
 * @param every the longest pause
 * @param clockEvery the longest pause of a segment whose conditions compare with this very moment
 */
record EvaluationSchedule(Duration every, Duration clockEvery) {

    static EvaluationSchedule of(EvaluationSettings settings) {
        return new EvaluationSchedule(
                settings.every().toJavaDuration(), settings.clockEvery().toJavaDuration());
    }

    /**
     * After an evaluation. Falls on a quarter of the pause, counted from the epoch, so that segments come to be evaluated
     * together, which costs less than one by one. Where time may change the answer and no window says so, it is also at each
     * midnight of the segment's zone.
     *
     * @param own the segment's own longest pause; null when it says nothing of it
     */
    Instant next(Instant now, Needs needs, ZoneId zone, @Nullable Duration own) {
        var pause = needs.readsTime() ? clockEvery : own == null ? every : own;
        var next = onQuarter(now.plus(pause), pause);
        if (!needs.readsClock()) {
            return next;
        }
        var midnight =
                now.atZone(zone).toLocalDate().plusDays(1).atStartOfDay(zone).toInstant();
        return midnight.isBefore(next) ? midnight : next;
    }

    /** After an evaluation that failed: sooner than the next, but not at once, for most likely it fails again. */
    Instant again(Instant now) {
        return now.plus(every.dividedBy(4));
    }

    private static Instant onQuarter(Instant latest, Duration pause) {
        var quarter = Math.max(1, pause.toMillis() / 4);
        return Instant.ofEpochMilli(Math.floorDiv(latest.toEpochMilli(), quarter) * quarter);
    }
}
