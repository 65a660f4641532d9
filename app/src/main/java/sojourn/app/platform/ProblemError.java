package sojourn.app.platform;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with a request.
 *
 * @param pointer JSON pointer into the request's body, e.g. {@code /tiles/wait/duration}
 * @param code stable slug, e.g. {@code unknown-attribute}
 * @param detail what was found and what would fit, for a person
 * @param line position inside the text that {@code pointer} names, from 1; null where there is none
 * @param more what else says where it is, e.g. {@code tile}; fields of their own in JSON
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProblemError(
        @Nullable String pointer,
        String code,
        String detail,
        @Nullable Integer line,
        @Nullable Integer column,
        @JsonAnyGetter Map<String, String> more) {

    private static final int MOST_DESCRIBED = 20;
    private static final int LONGEST_DESCRIPTION = 2000;

    public ProblemError {
        more = Map.copyOf(more);
    }

    public ProblemError(
            @Nullable String pointer, String code, String detail, @Nullable Integer line, @Nullable Integer column) {
        this(pointer, code, detail, line, column, Map.of());
    }

    public static ProblemError at(String pointer, String code, String detail) {
        return new ProblemError(pointer, code, detail, null, null);
    }

    /** Several as one line of bounded length: the pointer, if it leads anywhere, and the detail of each. */
    public static String describe(List<ProblemError> errors) {
        var text = errors.stream()
                .limit(MOST_DESCRIBED)
                .map(error -> String.valueOf(error.pointer()).isEmpty()
                        ? error.detail()
                        : error.pointer() + ": " + error.detail())
                .collect(joining("; "));
        return text.length() <= LONGEST_DESCRIPTION ? text : text.substring(0, LONGEST_DESCRIPTION) + "...";
    }
}
