package sojourn.app.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.ProblemError;

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

        @JsonInclude @Nullable String tile,

        String pointer,
        String code,
        String detail,
        @Nullable Integer line,
        @Nullable Integer column) {

    /** As part of the problem that refuses to go live. */
    ProblemError asError() {
        var more =
                tile == null ? Map.of("severity", severity.name()) : Map.of("severity", severity.name(), "tile", tile);
        return new ProblemError(pointer, code, detail, line, column, more);
    }

    /** Where a tile is in the document. */
    static String tilePointer(String tile) {
        return "/tiles/" + escaped(tile);
    }

    /** A name as a step of a JSON pointer. */
    static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** Errors keep a journey from going live, warnings do not. */
    enum Severity {
        error,
        warning
    }
}
