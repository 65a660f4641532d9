package sojourn.app.interactions;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.ProblemError;

/**
 * An interaction that was not stored.
 *
 * @param index its place in what was sent, from 0
 * @param line where it begins in a stream, from 1
 * @param code of the first thing that is wrong with it
 * @param detail what is wrong with it, all of it when that is not too much
 */
record Rejection(
        long index,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long line,
        @Nullable String id,
        String code,
        String detail,
        @JsonIgnore List<ProblemError> errors) {

    private static final int MOST_ERRORS = 100;

    static Rejection of(Sent sent, List<ProblemError> errors) {
        return new Rejection(
                sent.index(),
                sent.line(),
                sent.id(),
                errors.getFirst().code(),
                ProblemError.describe(errors),
                List.copyOf(errors.subList(0, Math.min(MOST_ERRORS, errors.size()))));
    }
}
