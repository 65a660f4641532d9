package sojourn.app.journeys;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What can keep a contact out of a journey, in the order in which entry asks. */
enum EntryHurdle {
    NOT_LIVE,
    /** As many as may have entered. */
    TOTAL_REACHED,
    INACTIVE,
    SUPPRESSED,
    EXCLUDED,
    NOT_IN_AUDIENCE,
    /** It has done nothing that would let it in. */
    NO_INTERACTION,
    /** It is inside, or was and the journey lets everyone in once. */
    ALREADY_ENTERED,
    TOO_SOON,
    /** It waits in line for its turn. */
    LIMIT;

    /** The name in the API, e.g. {@code not-live}. */
    @JsonValue
    String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
