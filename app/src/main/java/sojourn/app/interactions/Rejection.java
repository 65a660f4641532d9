package sojourn.app.interactions;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.ProblemError;

/**
 * An interaction that was not stored.
 *
 * @param index its place in what was sent, from 0
 * @param code of the first thing that is wrong with it
 * @param detail everything that is wrong with it
 */
record Rejection(
        long index,
        @Nullable String id,
        String code,
        String detail,
        @JsonIgnore List<ProblemError> errors) {

    static Rejection of(Sent sent, List<ProblemError> errors) {
        var detail = errors.stream()
                .map(error -> ("".equals(error.pointer()) ? "" : error.pointer() + ": ") + error.detail())
                .collect(joining("; "));
        return new Rejection(sent.index(), sent.id(), errors.getFirst().code(), detail, List.copyOf(errors));
    }
}
