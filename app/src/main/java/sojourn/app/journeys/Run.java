package sojourn.app.journeys;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.PersonalAnswer;

/**
 * One passage of one contact through a journey, as the API shows it.
 *
 * @param since when the run came to its present tile
 * @param waitingFor in words; null when it waits for nothing
 * @param until when that wait ends at the latest
 * @param reason why it was stopped or failed
 * @param temporalUrl the page of its workflow, null where there is no Temporal UI
 */
record Run(
        UUID id,
        String journey,
        int version,
        UUID contactId,
        @Nullable String externalId,
        RunStatus status,
        Instant enteredAt,
        @Nullable String tile,
        @Nullable Instant since,
        @Nullable String waitingFor,
        @Nullable Instant until,
        @Nullable String outcome,
        @Nullable String reason,
        @Nullable Instant endedAt,
        String workflowId,
        @Nullable String temporalUrl,
        List<Step> path,
        List<Sent> deliveries)
        implements PersonalAnswer {

    /**
     * One stay at a tile.
     *
     * @param branch the branch taken, null where there is none to take
     * @param why what decided it, in words
     * @param reason why its message was blocked, its tile could not act, or the run ended here; null when none of that is so
     * @param seen what decided it, as it was then; null where that was nothing of the contact, and of one that was erased
     */
    public record Step(
            String tile,
            int pass,
            Instant enteredAt,
            @Nullable Instant leftAt,
            @Nullable String outcome,
            @Nullable String branch,
            @Nullable String why,
            @Nullable String reason,
            @Nullable Seen seen) {}

    /**
     * One message on its way, or not.
     *
     * @param reason why it was blocked or failed
     * @param lastError what has kept it so far, null when nothing has or it is over
     * @param nextTryAt when it is tried again
     */
    public record Sent(
            UUID id,
            String tile,
            String channel,
            String state,
            @Nullable String reason,
            @Nullable String lastError,
            @Nullable Instant nextTryAt) {}
}
