package sojourn.app.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What became of a part of an import.
 *
 * @param key as it was sent
 * @param as the key that it has here, null when it is the same
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImportedPart(
        String key, Outcome outcome, @Nullable String as) {

    /** {@code kept}: the same was there already. */
    public enum Outcome {
        created,
        kept,
        replaced
    }

    public static ImportedPart of(String key, Outcome outcome) {
        return new ImportedPart(key, outcome, null);
    }

    /** The key that it has here. */
    public String here() {
        return as == null ? key : as;
    }

    /** The same, sent under another key. */
    public ImportedPart sentAs(String sent) {
        return new ImportedPart(sent, outcome, here().equals(sent) ? null : here());
    }

    /** The first of {@code key-2}, {@code key-3} and so on that fits. */
    public static String otherKey(String key, Predicate<String> fits) {
        return IntStream.iterate(2, number -> number + 1)
                .mapToObj(number -> key + "-" + number)
                .filter(fits)
                .findFirst()
                .orElseThrow();
    }

    /** The problem of a part that is to be neither replaced nor renamed. */
    public static Problem differs(String what, String key) {
        return Problem.invalid(
                "/key",
                "differs",
                "There is another " + what + " '" + key + "' already; say conflicts=replace to write this one over it,"
                        + " or conflicts=rename to have it under another key");
    }
}
