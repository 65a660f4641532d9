package sojourn.app.security;

import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** The body of verbs that need nothing else. */
public record ReasonGiven(
        @Size(max = Deed.LONGEST_REASON) @Nullable String reason) {

    public static @Nullable String of(@Nullable ReasonGiven given) {
        return given == null ? null : given.reason();
    }
}
