package sojourn.app.journeys;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import sojourn.workflows.journeys.JourneyDocument;

/** A journey as its author sends it. The key is never used again, not even when the journey is gone. */
record NewJourney(
        @NotNull
        @Size(max = 100)
        @Pattern(
                regexp = "[a-z0-9](?:(?!--)[a-z0-9_-])*",
                message = "must be lower-case letters, digits, _ and -, without --, like win-back")
        String key,

        @NotNull JourneyDocument document) {}
