package sojourn.app.journeys;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.PersonalAnswer;

/**
 * Why a contact did or did not get into a journey, and get its messages.
 *
 * @param checks what entry asks, in its order: the first that does not hold keeps the contact out
 * @param runs the newest first, at most {@link WhyReading#MOST_RUNS}
 * @param messages one of each sending tile of the live version
 */
record Why(
        UUID contactId,
        @Nullable String externalId,
        EntryAnswer entry,
        List<EntryVerdict.Hurdle> checks,
        List<Run> runs,
        List<MessageVerdict> messages)
        implements PersonalAnswer {

    /** The contact has entered, now or before; or waits in line to; or would, or would not. */
    enum EntryOutcome {
        @JsonProperty("entered")
        ENTERED,
        @JsonProperty("waiting")
        WAITING,
        @JsonProperty("may-enter")
        MAY_ENTER,
        @JsonProperty("kept-out")
        KEPT_OUT
    }

    /**
     * The answer about entry.
     *
     * @param code what keeps the contact from entering, or from entering again; null when nothing does
     * @param values what was looked at; null of a journey that has never been live
     */
    record EntryAnswer(
            EntryOutcome verdict,
            @Nullable EntryHurdle code,
            String detail,
            @Nullable EntrySeen values) {}
}
