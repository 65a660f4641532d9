package sojourn.app.segments;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** How a segment gets its members. */
public enum SegmentKind {
    /** By a query. */
    DYNAMIC("dynamic"),
    /** By hand. */
    STATIC("static");

    private final String word;

    SegmentKind(String word) {
        this.word = word;
    }

    @JsonValue
    public String word() {
        return word;
    }

    static Optional<SegmentKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }
}
