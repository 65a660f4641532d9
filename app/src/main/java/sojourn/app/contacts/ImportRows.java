package sojourn.app.contacts;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.ProblemError;

/** The rows of an upload, one at a time, whatever its format. */
interface ImportRows {

    /**
     * One row.
     *
     * @param line where it begins, from 1
     * @param changes null when the row cannot be read at all
     */
    record Row(long line, @Nullable FieldChanges changes, List<ProblemError> errors) {}

    /** The next row; null when there is none. */
    @Nullable
    Row next() throws IOException;

    /** Passes a row over without looking at it; false when there is none. */
    boolean skip() throws IOException;
}
