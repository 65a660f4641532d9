package sojourn.workflows.journeys;

import org.jspecify.annotations.Nullable;

/**
 * What came of a tile's doing.
 *
 * @param branch the way that it opened, null when the tile has only one
 * @param reason a slug by which figures tell apart why nothing was done, else null
 * @param why for a person, without personal data
 */
public record Done(
        String outcome, @Nullable String branch, @Nullable String reason, String why) {

    /** The outcome of a tile that could not do what it says. */
    public static final String REFUSED = "refused";

    public static Done of(String outcome, String why) {
        return new Done(outcome, null, null, why);
    }

    /** Nothing was done, and the run goes on. */
    public static Done refused(String reason, String why) {
        return new Done(REFUSED, null, reason, why);
    }
}
