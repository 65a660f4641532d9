package sojourn.app.segments;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.segments.language.QueryException;

/** Counts whom a segment would have, without storing anything. */
final class Estimates {

    private static final int SAMPLE_PERCENT = 1;

    private final Jdbi jdbi;
    private final Vocabulary vocabulary;
    private final Scopes scopes;
    private final InstantSource clock;
    private final Duration timeLimit;

    Estimates(Jdbi jdbi, Vocabulary vocabulary, Scopes scopes, InstantSource clock, Duration timeLimit) {
        this.jdbi = jdbi;
        this.vocabulary = vocabulary;
        this.scopes = scopes;
        this.clock = clock;
        this.timeLimit = timeLimit;
    }

    /**
     * How many contacts.
     *
     * @param exact whether all were counted; otherwise a sample was, within {@code margin} 19 times out of 20
     */
    record Estimate(
            long count,
            boolean exact,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long margin) {}

    /** Of the edit, when there is one beside a live segment. */
    Estimate of(Segment segment) {
        var draft = segment.draft();
        var definition = draft == null ? segment.definition() : draft.definition();
        if (definition.query() == null) {
            return new Estimate(jdbi.withHandle(handle -> new Memberships().size(handle, segment.id())), true, null);
        }
        var condition = condition(segment.id(), definition, definition.query());
        return count(condition, "")
                .map(count -> new Estimate(count, true, null))
                .or(() -> count(condition, "tablesample system (" + SAMPLE_PERCENT + ")")
                        .map(Estimates::fromSample))
                .orElseThrow(() -> new Problem(
                        ProblemType.UNAVAILABLE,
                        "Not even a sample could be counted within " + timeLimit.toSeconds() + " seconds"));
    }

    private Statement condition(int segment, Definition definition, String query) {
        var words = vocabulary.read();
        try {
            var parsed = words.parse(query);
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var zone = ZoneId.of(definition.timeZone());
            return jdbi.withHandle(handle -> Belonging.condition(
                    handle,
                    segment,
                    scopes.of(handle, definition.scope(), definition.owner()),
                    Statement.compile(handle, words, parsed, now, zone)));
        } catch (QueryException refused) {
            throw Problem.invalid(NewSegment.problems(refused));
        }
    }

    private static Estimate fromSample(long found) {
        var scale = 100 / SAMPLE_PERCENT;
        return new Estimate(found * scale, false, Math.round(1.96 * Math.sqrt((double) Math.max(found, 1)) * scale));
    }

    /** Empty when it takes too long. */
    private Optional<Long> count(Statement condition, String sample) {
        try {
            return Optional.of(jdbi.inTransaction(handle -> {
                Statement.limitTime(handle, timeLimit);
                return Statement.of("select count(*) from contact c " + sample + " where c.state <> 'erased' and ")
                        .add(condition)
                        .query(handle)
                        .mapTo(Long.class)
                        .one();
            }));
        } catch (JdbiException failure) {
            if (Statement.tookTooLong(failure)) {
                return Optional.empty();
            }
            throw failure;
        }
    }
}
