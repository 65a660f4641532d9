package sojourn.app.insights;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a journey stands; what each figure means is in {@link Figure}.
 *
 * @param waiting how many wait in line to enter now, since limits hold them back; of all versions and times; null where
 *     nobody ever had to
 */
record JourneyFigures(
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long waiting,
        long entered,
        long inProgress,
        long completed,
        Reasons stopped,
        long failed,
        Goal goal,
        Map<String, OfTile> tiles) {

    /** A total and its parts; only reasons that occurred are listed. */
    record Reasons(long total, Map<String, Long> byReason) {}

    /**
     * @param rate of those who entered, to three decimals; 0 when nobody did
     * @param value the sum of what it was worth; null where no version says what that is
     */
    record Goal(
            long reached,
            BigDecimal rate,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            BigDecimal value) {}

    /**
     * One tile.
     *
     * @param sending null when the tile sends nothing
     * @param branches null when the tile does not branch
     * @param links clicks by link; only where one tile is asked for
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OfTile(
            String type,
            long inflow,
            long processing,
            long processed,
            long stopped,
            long expired,
            long failed,
            @JsonUnwrapped @Nullable Sending sending,
            @Nullable Map<String, Long> branches,
            @Nullable Map<String, Times> links) {

        OfTile with(Map<String, Times> clicksByLink) {
            return new OfTile(
                    type, inflow, processing, processed, stopped, expired, failed, sending, branches, clicksByLink);
        }
    }

    record Sending(
            long sent,
            long unconfirmed,
            long delivered,
            Reasons blocked,
            Bounces bounces,
            long unsubscribed,
            long complained,
            Times opens,
            Times clicks) {}

    record Bounces(long hard, long soft, long block) {}

    /** How many visits (or contacts) it happened to, and how often it happened. */
    record Times(long unique, long total) {

        static final Times NEVER = new Times(0, 0);
    }
}
