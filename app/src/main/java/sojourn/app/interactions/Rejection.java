package sojourn.app.interactions;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    static Rejection of(long index, @Nullable String id, List<ProblemError> errors) {
        return new Rejection(
                index, null, id, errors.getFirst().code(), ProblemError.describe(errors), List.copyOf(errors));
    }

    /** What is wrong with the shape is said in the words of the format already; all that follows is said in them here. */
    private static List<ProblemError> renamed(Sent sent, List<ProblemError> errors) {
        var all = new ArrayList<>(errors);
        for (var at = sent.errors().size(); at < all.size(); at++) {
            var error = all.get(at);
            var pointer = renamed(String.valueOf(error.pointer()), sent.names());
            all.set(at, ProblemError.at(pointer, error.code(), error.detail()));
        }
        return all;
    }

    private static String renamed(String pointer, Map<String, String> names) {
        var end = pointer.indexOf('/', 1);
        var first = end < 0 ? pointer : pointer.substring(0, end);
        var name = first.isEmpty() ? null : names.get(first.substring(1));
        return name == null ? pointer : "/" + name + pointer.substring(first.length());
    }

    static Rejection of(Sent sent, List<ProblemError> found) {
        var errors = sent.names().isEmpty() ? found : renamed(sent, found);
        return new Rejection(
                sent.index(),
                sent.line(),
                sent.id(),
                errors.getFirst().code(),
                ProblemError.describe(errors),
                List.copyOf(errors.subList(0, Math.min(MOST_ERRORS, errors.size()))));
    }
}
