package sojourn.app.messages;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.ProblemError;

/**
 * What {@code check} says of a message's pending edit.
 *
 * @param length of a text, without the values of the contact; null for other channels
 */
record MessageCheckResult(
        List<ProblemError> problems,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable TextLength length) {}
