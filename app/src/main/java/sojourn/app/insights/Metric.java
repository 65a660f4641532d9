package sojourn.app.insights;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A figure as a person names it, narrowed as it was shown; {@link MetricCheck} judges it. */
record Metric(
        @Nullable String of,
        @Nullable String tile,
        @Nullable String reason,
        @Nullable String branch,
        @Nullable String variant,
        @Nullable String link,
        @Nullable String outcome,
        @Nullable Integer version,
        @Nullable Instant from,
        @Nullable Instant to) {

    @Nullable
    String narrowedTo(Narrowing narrowing) {
        return switch (narrowing) {
            case TILE -> tile;
            case REASON -> reason;
            case BRANCH -> branch;
            case VARIANT -> variant;
            case LINK -> link;
            case OUTCOME -> outcome;
        };
    }
}
