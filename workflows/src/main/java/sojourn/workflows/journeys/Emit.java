package sojourn.workflows.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records an interaction of the contact, which segments see and other journeys may wait for.
 *
 * @param interaction key of a declared type
 * @param properties values as the API takes them; texts may have personalization in them
 */
public record Emit(
        @Nullable String interaction,
        @JsonSetter(contentNulls = Nulls.FAIL) @Nullable Map<String, Object> properties,
        @JsonInclude @Nullable String next)
        implements Tile.Acting {

    public Emit {
        properties = properties == null ? null : new LinkedHashMap<>(properties);
    }

    public Map<String, Object> allProperties() {
        return properties == null ? Map.of() : properties;
    }

    @Override
    public String type() {
        return "emit";
    }

    @Override
    public Map<String, @Nullable String> exits() {
        return Exits.of("/next", next);
    }
}
