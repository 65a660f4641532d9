package sojourn.app.platform;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Instants of query parameters and bodies that are to be compared with what the database has. */
public final class Instants {

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    private Instants() {}

    /** Reads a parameter; null, and what is wrong among {@code errors}, for what is none. */
    public static @Nullable Instant read(String pointer, @Nullable String text, List<ProblemError> errors) {
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException wrong) {
            errors.add(ProblemError.at(
                    pointer, "invalid-instant", "'" + text + "' is no instant; '2026-11-01T08:00:00Z' would fit"));
            return null;
        }
    }

    /** Adds what is wrong with an instant that was read, which the database could not hold. */
    public static void check(String pointer, @Nullable Instant instant, List<ProblemError> errors) {
        if (instant != null && (instant.isBefore(FIRST) || !instant.isBefore(END))) {
            errors.add(ProblemError.at(pointer, "invalid-instant", "a year from 0001 to 9999 would fit"));
        }
    }
}
