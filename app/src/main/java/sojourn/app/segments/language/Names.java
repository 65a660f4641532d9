package sojourn.app.segments.language;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the name that somebody probably meant. */
final class Names {

    private static final int MOST_NAMED = 40;

    private Names() {}

    /** A sentence to append to a complaint: what was meant, or nothing when nothing is near. */
    static String suggest(String written, Collection<String> known) {
        return nearest(written, known)
                .map(name -> "; did you mean `" + name + "`?")
                .orElseGet(() -> all(known));
    }

    /** A few are named, so that whoever is far off knows where to look. */
    private static String all(Collection<String> known) {
        return known.isEmpty() || known.size() > MOST_NAMED
                ? ""
                : known.stream().sorted().collect(Collectors.joining(", ", "; there are ", ""));
    }

    private static Optional<String> nearest(String written, Collection<String> known) {
        if (written.length() > 100) {
            return Optional.empty();
        }
        var furthest = Math.max(1, Math.min(3, written.length() / 3));
        return known.stream()
                .filter(name -> distance(written, name) <= furthest)
                .min(Comparator.<String>comparingInt(name -> distance(written, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Of the whole name, or of its last part: {@code city} is near {@code address.city}. */
    private static int distance(String written, String name) {
        var whole = edits(written.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
        var dot = name.lastIndexOf('.');
        return dot < 0 ? whole : Math.min(whole, distance(written, name.substring(dot + 1)));
    }

    /** How many characters to insert, delete, replace or swap with their neighbour. */
    private static int edits(String one, String other) {
        if (Math.abs(one.length() - other.length()) > 3) {
            return Integer.MAX_VALUE;
        }
        var rows = new int[one.length() + 1][other.length() + 1];
        for (var i = 0; i <= one.length(); i++) {
            for (var j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    rows[i][j] = i + j;
                    continue;
                }
                var change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                rows[i][j] = Math.min(Math.min(rows[i - 1][j], rows[i][j - 1]) + 1, rows[i - 1][j - 1] + change);
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
                }
            }
        }
        return rows[one.length()][other.length()];
    }
}
