package sojourn.app.journeys;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Set;
import sojourn.app.platform.Problem;
import sojourn.workflows.journeys.JourneyDocument;

/** A journey as its author sends it. The key is never used again, not even when the journey is gone. */
public record NewJourney(
        @NotNull @Size(max = LONGEST_KEY) @Pattern(regexp = KEY, message = KEY_ADVICE)
        String key,

        @NotNull JourneyDocument document) {

    static final int LONGEST_KEY = 100;
    static final String KEY = "[a-z0-9](?:(?!--)[a-z0-9_-])*";
    static final String KEY_ADVICE = "must be lower-case letters, digits, _ and -, without --, like win-back";

    /** What stands where a key would in paths. */
    static final Set<String> WORDS_OF_PATHS = Set.of("schema", "import");

    void refuseReserved() {
        if (WORDS_OF_PATHS.contains(key)) {
            throw Problem.invalid(
                    "/key", "reserved-key", "'" + key + "' is a word of the API's own; '" + key + "-1' would fit");
        }
    }
}
