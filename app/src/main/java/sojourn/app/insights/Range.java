package sojourn.app.insights;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;

/** Which runs and visits are looked at: of one version or all, begun from an instant on and before another. */
record Range(
        @Nullable Integer version,
        @Nullable Instant from,
        @Nullable Instant to) {

    static final Range ALL = new Range(null, null, null);

    static Range parse(@Nullable Integer version, @Nullable String from, @Nullable String to) {
        return new Range(version, instant("/from", from), instant("/to", to));
    }

    private static @Nullable Instant instant(String pointer, @Nullable String text) {
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException wrong) {
            throw Problem.invalid(
                    pointer, "invalid-instant", "'" + text + "' is no instant; '2026-11-01T08:00:00Z' would fit");
        }
    }

    /** A condition over a row of {@code run} or {@code tile_visit}; the alias is the caller's own constant. */
    static String of(String alias) {
        return """
                 and (cast(:version as integer) is null or %1$s.version = :version)
                 and (cast(:from as timestamptz) is null or %1$s.entered_at >= :from)
                 and (cast(:to as timestamptz) is null or %1$s.entered_at < :to)
                """.formatted(alias);
    }

    /**
     * The same over a row of {@code interaction}. Its properties may have been sent from outside, so they are looked at
     * before they are read.
     */
    static String ofFact() {
        return """
                 and (cast(:version as integer) is null or i.properties -> 'version' = to_jsonb(cast(:version as integer)))
                 and (cast(:from as timestamptz) is null or case
                      when pg_input_is_valid(i.properties ->> 'tileEnteredAt', 'timestamptz')
                      then cast(i.properties ->> 'tileEnteredAt' as timestamptz) >= :from end)
                 and (cast(:to as timestamptz) is null or case
                      when pg_input_is_valid(i.properties ->> 'tileEnteredAt', 'timestamptz')
                      then cast(i.properties ->> 'tileEnteredAt' as timestamptz) < :to end)
                """;
    }

    <S extends SqlStatement<S>> S bind(S statement) {
        return statement.bind("version", version).bind("from", from).bind("to", to);
    }
}
