package sojourn.app.segments;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.ValueType;

/**
 * A place in a template's query that whoever uses the template fills.
 *
 * @param standard the value where none is given; a parameter without one must be given
 * @param min the least number, {@code max} the greatest, {@code whole} whether it must be a whole one
 * @param options for an option
 * @param of for a property, the parameter that names its interaction type, or that type itself
 * @param holds for a property or attribute, the type of value that it must have
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TemplateParameter(
        @NotNull String name,
        @NotNull Type type,
        @Nullable @Size(max = 1000) String help,
        @JsonProperty("default") @Nullable Object standard,
        @Nullable BigDecimal min,
        @Nullable BigDecimal max,
        @Nullable Boolean whole,
        @Nullable List<String> options,
        @Nullable String of,
        @Nullable ValueType holds) {

    /** What a value must be. */
    public enum Type {
        NUMBER("number"),
        TEXT("text"),
        OPTION("option"),
        DATE("date"),
        INTERACTION_TYPE("interactionType"),
        PROPERTY("property"),
        ATTRIBUTE("attribute"),
        SEGMENT("segment");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        @JsonValue
        public String word() {
            return word;
        }
    }

    public TemplateParameter {
        options = options == null ? List.of() : List.copyOf(options);
    }
}
