package sojourn.app.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Something that {@code check} found in a journey's document.
 *
 * @param tile the tile it concerns, null for the journey as a whole
 * @param pointer JSON pointer into the document
 * @param line position inside the text of a condition, from 1; null elsewhere
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DocumentProblem(
        Severity severity,
        @Nullable String tile,
        String pointer,
        String code,
        String detail,
        @Nullable Integer line,
        @Nullable Integer column) {

    /** Where a tile is in the document. */
    static String tilePointer(String tile) {
        return "/tiles/" + tile.replace("~", "~0").replace("/", "~1");
    }

    /** Errors keep a journey from going live, warnings do not. */
    enum Severity {
        error,
        warning
    }
}
