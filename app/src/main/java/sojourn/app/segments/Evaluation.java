package sojourn.app.segments;

import java.time.Duration;
import java.time.Instant;

/**
 * A full evaluation of a segment and what it found.
 *
 * @param kind {@code first}, {@code definition}, {@code scope} or {@code full}
 * @param drift how many of the joiners and leavers the incremental path should have found before; any is a defect
 */
public record Evaluation(Instant at, Duration took, long size, long joined, long left, String kind, long drift) {}
