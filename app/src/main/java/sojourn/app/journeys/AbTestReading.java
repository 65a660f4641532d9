package sojourn.app.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.AbTest;

/**
 * How a test stands.
 *
 * @param version of the journey whose test it is
 * @param state {@code waiting} until the first contact comes, {@code running}, {@code decided}
 * @param endsAt null when it does not end by time, or has not begun
 * @param winner what everyone gets now; null while it runs
 * @param now as counted just now; after a decision what came later counts too
 * @param decisions the last one holds
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record AbTestReading(
        String journey,
        String tile,
        int version,
        String state,
        AbTest.@Nullable Metric metric,
        @Nullable Instant startedAt,
        @Nullable Instant endsAt,
        boolean endsWhenSignificant,
        int atLeast,
        @Nullable String fallback,
        @Nullable String winner,
        VariantComparison now,
        List<AbTestDecision> decisions) {

    /**
     * A winner, and who or what named it.
     *
     * @param how {@code significance}, {@code time} or {@code override}
     * @param conclusive whether the winner was better than all others for sure
     * @param by who; {@code sojourn} when the test ended by itself
     * @param numbers as they were counted then
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AbTestDecision(
            String winner,
            String how,
            boolean conclusive,
            Instant at,
            String by,
            @Nullable String why,
            @Json VariantComparison numbers) {}
}
