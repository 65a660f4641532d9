package sojourn.app.platform;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses which known name a misspelt one was meant to be. */
public final class Nearest {

    private Nearest() {}

    /** The known name that is but a few letters away, upper and lower case alike. */
    public static Optional<String> to(String name, Collection<String> known) {
        return known.stream()
                .filter(candidate -> distance(name, candidate) <= allowed(candidate))
                .min(Comparator.<String>comparingInt(candidate -> distance(name, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** A clause to end a sentence with: {@code ; did you mean `email`?} or nothing. */
    public static String advice(String name, Collection<String> known) {
        return to(name, known)
                .map(nearest -> "; did you mean `" + nearest + "`?")
                .orElse("");
    }

    private static int allowed(String candidate) {
        return candidate.length() < 4 ? 1 : Math.max(2, candidate.length() / 3);
    }

    private static int distance(String from, String to) {
        if (Math.abs(from.length() - to.length()) > 20 || from.length() > 100) {
            return Integer.MAX_VALUE;
        }
        var row = new int[to.length() + 1];
        for (var column = 0; column <= to.length(); column++) {
            row[column] = column;
        }
        for (var line = 1; line <= from.length(); line++) {
            var diagonal = row[0];
            row[0] = line;
            for (var column = 1; column <= to.length(); column++) {
                var changed = diagonal + (same(from.charAt(line - 1), to.charAt(column - 1)) ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.min(changed, 1 + Math.min(row[column], row[column - 1]));
            }
        }
        return row[to.length()];
    }

    private static boolean same(char one, char other) {
        return Character.toLowerCase(one) == Character.toLowerCase(other);
    }
}
