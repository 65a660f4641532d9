package sojourn.app.contacts;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kinds of values that attributes and properties may have. */
public enum ValueType {
    TEXT,
    NUMBER,
    BOOLEAN,
    DATE,
    TIMESTAMP,
    OPTION,
    OPTIONS,
    LOOKUP;

    /** As written in declarations: {@code number}. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether values are compared folded. */
    public boolean isFolded() {
        return this == TEXT || this == OPTION || this == OPTIONS;
    }

    public static Optional<ValueType> of(String word) {
        return Arrays.stream(values()).filter(type -> type.word().equals(word)).findFirst();
    }
}
