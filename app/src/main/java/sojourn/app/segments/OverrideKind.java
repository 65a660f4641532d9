package sojourn.app.segments;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** What somebody has decided about one contact of a dynamic segment, whatever the query says. */
public enum OverrideKind {
    INCLUDE("include"),
    EXCLUDE("exclude");

    private final String word;

    OverrideKind(String word) {
        this.word = word;
    }

    @JsonValue
    public String word() {
        return word;
    }

    static Optional<OverrideKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }
}
