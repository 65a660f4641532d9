package sojourn.app.contacts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an attribute or property holds. In JSON the type alone, {@code "number"}, or an object, {@code {"type": "option",
 * "options": ["gold", "silver"]}}.
 *
 * @param options what may be chosen, as declared; empty for other types than option and options
 * @param lookup the profile type looked up; null for other types than lookup, but for a text of the product's own that {@link
 *     #naming names} a record
 */
public record Declaration(
        ValueType type, List<String> options, @Nullable String lookup) {

    public Declaration {
        options = List.copyOf(options);
    }

    public static Declaration of(ValueType type) {
        return new Declaration(type, List.of(), null);
    }

    /** A text that names a record of a profile type, if it is there: it need not be. */
    public static Declaration naming(String profileType) {
        return new Declaration(ValueType.TEXT, List.of(), profileType);
    }

    public static Declaration option(String... options) {
        return new Declaration(ValueType.OPTION, List.of(options), null);
    }

    /** From the short form. */
    @JsonCreator
    static Declaration fromWord(String word) {
        return of(ValueType.of(word).orElseThrow(() -> new IllegalArgumentException("unknown type " + word)));
    }

    @JsonCreator
    static Declaration fromObject(
            @JsonProperty("type") ValueType type,
            @JsonProperty("options") @Nullable List<String> options,
            @JsonProperty("lookup") @Nullable String lookup) {
        return new Declaration(type, options == null ? List.of() : options, lookup);
    }

    @JsonValue
    Object toJson() {
        return options.isEmpty() && lookup == null ? type.word() : toObject();
    }

    /** The same with the options of another one before its own; as it is where that one is of another type. */
    public Declaration withOptionsOf(@Nullable Declaration other) {
        if (other == null || other.type != type) {
            return this;
        }
        var all = new LinkedHashSet<>(other.options);
        all.addAll(options);
        return new Declaration(type, List.copyOf(all), lookup);
    }

    /** Whether what is declared stays as it is when this one is wanted: it is the same, or cannot become it. */
    public boolean leaves(@Nullable Declaration declared) {
        return equals(declared)
                || (declared != null && (declared.type != type || !Objects.equals(declared.lookup, lookup)));
    }

    /** The long form. */
    public Object toObject() {
        var object = new LinkedHashMap<String, Object>();
        object.put("type", type.word());
        if (!options.isEmpty()) {
            object.put("options", options);
        }
        if (lookup != null) {
            object.put("lookup", lookup);
        }
        return object;
    }
}
