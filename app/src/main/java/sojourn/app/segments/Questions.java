package sojourn.app.segments;

import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;

/** Asks about queries without storing anything: each time of one moment, and no statement longer than a limit. */
final class Questions {

    private final Jdbi jdbi;
    private final Vocabulary vocabulary;
    private final Scopes scopes;
    private final InstantSource clock;
    private final Duration timeLimit;

    Questions(Jdbi jdbi, Vocabulary vocabulary, Scopes scopes, InstantSource clock, Duration timeLimit) {
        this.jdbi = jdbi;
        this.vocabulary = vocabulary;
        this.scopes = scopes;
        this.clock = clock;
        this.timeLimit = timeLimit;
    }

    /** The answer; a problem when it takes too long. */
    <T> T ask(Asked asked, Function<Question, T> answer) {
        return tryToAsk(asked, answer).orElseThrow(this::tookTooLong);
    }

    /** The answer; empty when it takes too long. */
    <T> Optional<T> tryToAsk(Asked asked, Function<Question, T> answer) {
        return withinLimit(handle -> {
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            return answer.apply(Question.of(handle, vocabulary.read(handle), scopes, asked, now));
        });
    }

    /** What can be read without a query; a problem when it takes too long. */
    <T> T read(Function<Handle, T> reading) {
        return withinLimit(reading).orElseThrow(this::tookTooLong);
    }

    private <T> Optional<T> withinLimit(Function<Handle, T> reading) {
        try {
            return Optional.of(jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, handle -> {
                Statement.limitTime(handle, timeLimit);
                return reading.apply(handle);
            }));
        } catch (JdbiException failure) {
            if (Statement.tookTooLong(failure)) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    Problem tookTooLong() {
        return new Problem(
                ProblemType.UNAVAILABLE,
                "This took longer than " + timeLimit.toSeconds() + " seconds; ask for a part of it");
    }
}
