package sojourn.app.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of the message of a tile, for one contact; of the newest run that came to the tile.
 *
 * @param message null for tiles that carry what they send themselves
 * @param state as of a delivery ({@code sent}, {@code blocked}, ...), or of the visit when there is none yet ({@code waiting},
 *     {@code stopped}); {@code not-reached} when no run came to the tile
 * @param reason why it was blocked, failed or stopped
 * @param run the run that came to it, null when none did
 * @param instead where the runs went that did not come to it, the newest first; empty when one did
 */
record MessageVerdict(
        String tile,
        @Nullable String message,
        String channel,
        String state,
        @Nullable String reason,
        @Nullable UUID run,
        List<WentInstead> instead) {

    static final String NOT_REACHED = "not-reached";
    static final String WAITING = "waiting";

    /**
     * A run that did not come to the tile.
     *
     * @param tile the last one from which there was a way; null when the run was at none
     * @param branch the branch taken there
     * @param why what decided it, in words
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record WentInstead(
            UUID run,
            @Nullable String tile,
            @Nullable String branch,
            @Nullable String why,
            String detail) {}
}
