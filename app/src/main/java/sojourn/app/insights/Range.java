package sojourn.app.insights;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Instants;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;

/** Which runs and visits are looked at: of one version or all, begun from an instant on and before another. */
record Range(
        @Nullable Integer version,
        @Nullable Instant from,
        @Nullable Instant to) {

    static final Range ALL = new Range(null, null, null);

    static Range parse(@Nullable Integer version, @Nullable String from, @Nullable String to) {
        var errors = new ArrayList<ProblemError>();
        var range = new Range(version, Instants.read("/from", from, errors), Instants.read("/to", to, errors));
        range.check("", errors);
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
        return range;
    }

    /** Adds what is wrong with its instants; {@code pointer} leads to where they stand. */
    void check(String pointer, List<ProblemError> errors) {
        Instants.check(pointer + "/from", from, errors);
        Instants.check(pointer + "/to", to, errors);
        if (from != null && to != null && !from.isBefore(to)) {
            errors.add(ProblemError.at(pointer + "/to", "runs-backward", "`to` must come after `from`"));
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
