package sojourn.app.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Something a job could not do, while it went on with the rest.
 *
 * @param line where in the upload, from 1; null where that means nothing
 */
public record JobProblem(
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long line, String code, String detail) {}
