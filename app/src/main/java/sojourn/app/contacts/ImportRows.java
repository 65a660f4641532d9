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
     * @param size how long it is in the upload, in bytes or characters
     * @param changes null when the row cannot be read at all
     * @param errors some of them when there are very many
     */
    record Row(long line, long size, @Nullable FieldChanges changes, List<ProblemError> errors) {

        private static final int MOST_ERRORS = 20;

        public Row {
            errors = List.copyOf(errors.subList(0, Math.min(MOST_ERRORS, errors.size())));
        }
    }

    /** The next row; null when there is none. */
    @Nullable
    Row next() throws IOException;

    /** Passes a row over without looking at it; false when there is none. */
    boolean skip() throws IOException;
}
