package sojourn.app.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with a request.
 *
 * @param pointer JSON pointer into the request's body, e.g. {@code /tiles/wait/duration}
 * @param code stable slug, e.g. {@code unknown-attribute}
 * @param detail what was found and what would fit, for a person
 * @param line position inside the text that {@code pointer} names, from 1; null where there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProblemError(
        @Nullable String pointer,
        String code,
        String detail,
        @Nullable Integer line,
        @Nullable Integer column) {

    public static ProblemError at(String pointer, String code, String detail) {
        return new ProblemError(pointer, code, detail, null, null);
    }
}
