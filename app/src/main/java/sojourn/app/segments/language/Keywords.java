package sojourn.app.segments.language;

import java.util.Locale;
import java.util.Set;

/** Words that cannot stand as a bare name; behind a prefix, as in {@code attributes.not}, they can. */
final class Keywords {

    /** What may stand before any name to say the same. */
    static final String PREFIX = "attributes.";

    private static final Set<String> RESERVED = Set.of("AND", "OR", "NOT", "IN", "TRUE", "FALSE", "CASE");

    private Keywords() {}

    static boolean isReserved(String name) {
        return RESERVED.contains(name.toUpperCase(Locale.ROOT));
    }
}
