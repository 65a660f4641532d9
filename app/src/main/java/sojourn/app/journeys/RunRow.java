package sojourn.app.journeys;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.Instruction;

/**
 * A run as PostgreSQL has it.
 *
 * @param enteredBy {@code audience}, {@code trigger}, {@code api}, {@code list}, or {@code journey} when a tile of another one did
 * @param visit number of the current tile visit, 0 before the first
 * @param until deadline of the current visit
 * @param triggerId the interaction that let it in, which happened at {@code triggerAt}; null when none did
 * @param binding the value of the property by which runs of a contact are told apart
 * @param reopened how often it was opened again after it had failed
 * @param iteration of a recurring journey, in which it began; counted over all that ever began
 * @param exitRequested a stop reason that something outside the run has asked for
 */
record RunRow(
        UUID id,
        long contactId,
        int journeyId,
        int version,
        int runNo,
        String status,
        Instant enteredAt,
        String enteredBy,
        int visit,
        @Nullable String tile,
        @Nullable Instruction instruction,
        @Nullable Instant until,
        List<String> listening,
        @Nullable String exitRequested,
        @Nullable Instant exitAt,
        @Nullable String outcome,
        @Nullable String reason,
        @Nullable Instant goalAt,
        @Nullable String triggerId,
        @Nullable Instant triggerAt,
        @Nullable String binding,
        int reopened,
        int iteration) {

    /** From when on what happens ends it: its entry, or what let it in when it had to wait for its turn. */
    Instant since() {
        return triggerAt != null && triggerAt.isBefore(enteredAt) ? triggerAt : enteredAt;
    }

    boolean open() {
        return status.equals("pending") || status.equals("active");
    }

    Instruction.Finish finish() {
        return new Instruction.Finish(status, status.equals("completed") ? outcome : reason);
    }
}
