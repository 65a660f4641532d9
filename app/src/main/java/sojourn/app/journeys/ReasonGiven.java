package sojourn.app.journeys;

import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import sojourn.app.security.Deed;

/** The body of verbs that need nothing else. */
record ReasonGiven(
        @Size(max = Deed.LONGEST_REASON) @Nullable String reason) {

    static @Nullable String of(@Nullable ReasonGiven given) {
        return given == null ? null : given.reason();
    }
}
