package sojourn.app.contacts;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.ProblemError;

/** The rows of an upload, one at a time, whatever its format. */
interface ImportRows {

    /**
     * One row.
     *
     * @param line where it begins, from 1
     * @param size how long it is in the upload, in bytes or characters
     * @param id of the record that it is about; null where that is named by its external id
     * @param changes null when the row cannot be read at all
     * @param errors some of them when there are very many
     */
    record Row(
            long line,
            long size,
            @Nullable UUID id,
            @Nullable FieldChanges changes,
            List<ProblemError> errors) {

        private static final int MOST_ERRORS = 20;

        public Row {
            errors = List.copyOf(errors.subList(0, Math.min(MOST_ERRORS, errors.size())));
        }

        /** The id that somebody names; null, and an error, when it is none. */
        static @Nullable UUID id(String text, List<ProblemError> errors) {
            var id = Contacts.uuid(text);
            if (id == null) {
                errors.add(ProblemError.at("/id", "invalid-id", "a UUID would fit, as the API shows it"));
            }
            return id;
        }

        /** With what it has of attributes as they were declared after it was read. */
        Row fitting(Map<String, Declaration> declared) {
            if (changes == null || declared.keySet().stream().noneMatch(changes.values()::containsKey)) {
                return this;
            }
            var values = new HashMap<String, @Nullable Object>(changes.values());
            var unfit = new ArrayList<>(errors);
            declared.forEach((name, declaration) -> {
                var value = values.get(name);
                try {
                    values.replace(name, value == null ? null : FittingValues.fit(declaration, value));
                } catch (Unfit problem) {
                    unfit.add(ProblemError.at("/attributes/" + name, problem.code(), problem.detail()));
                }
            });
            return new Row(line, size, id, new FieldChanges(values, changes.clearsAttributes()), unfit);
        }
    }

    /** The next row; null when there is none. */
    @Nullable
    Row next() throws IOException;

    /** Passes a row over without looking at it; false when there is none. */
    boolean skip() throws IOException;
}
