package sojourn.app.segments;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.ProblemError;

/** Reads the moments in parameters: an instant, or a date, which is its first moment in the segment's zone. */
final class Moment {

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    private Moment() {}

    /** Null when there is none, and, with a problem more, when it cannot be read. */
    static @Nullable Instant read(String pointer, @Nullable String text, ZoneId zone, List<ProblemError> problems) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            var instant = text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay(zone).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
            if (!instant.isBefore(FIRST) && instant.isBefore(END)) {
                return instant;
            }
        } catch (DateTimeException notOne) {
            // falls through to the problem below
        }
        problems.add(ProblemError.at(
                pointer,
                "invalid-instant",
                "'" + text + "' is no instant; '2026-11-01T08:00:00Z' would fit, or a date in the segment's zone,"
                        + " '2026-11-01'"));
        return null;
    }

    static void refuseBackward(
            String pointer, @Nullable Instant from, @Nullable Instant to, List<ProblemError> problems) {
        if (from != null && to != null && !from.isBefore(to)) {
            problems.add(ProblemError.at(pointer, "runs-backward", "it must come after the beginning"));
        }
    }
}
