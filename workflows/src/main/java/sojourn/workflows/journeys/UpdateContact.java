package sojourn.workflows.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Changes attributes of the contact. They are named as conditions name them, like {@code address.city}.
 *
 * @param set values as the API takes them
 * @param clear attributes that are to have no value
 * @param increment what is added to numbers; one that has no value counts as 0
 */
public record UpdateContact(
        @JsonSetter(contentNulls = Nulls.FAIL) @Nullable Map<String, Object> set,
        @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<String> clear,
        @JsonSetter(contentNulls = Nulls.FAIL) @Nullable Map<String, BigDecimal> increment,
        @JsonInclude @Nullable String next)
        implements Tile.Acting {

    public UpdateContact {
        set = set == null ? null : new LinkedHashMap<>(set);
        clear = clear == null ? null : List.copyOf(clear);
        increment = increment == null ? null : new LinkedHashMap<>(increment);
    }

    public Map<String, Object> sets() {
        return set == null ? Map.of() : set;
    }

    public List<String> clears() {
        return clear == null ? List.of() : clear;
    }

    public Map<String, BigDecimal> increments() {
        return increment == null ? Map.of() : increment;
    }

    /** Every attribute that it names. */
    public Stream<String> attributes() {
        return Stream.of(sets().keySet().stream(), clears().stream(), increments().keySet().stream())
                .flatMap(names -> names);
    }

    @Override
    public String type() {
        return "updateContact";
    }

    @Override
    public Map<String, @Nullable String> exits() {
        return Exits.of("/next", next);
    }
}
