package sojourn.workflows.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes the contact out of a static segment, or out of a dynamic one by an override, whatever its query says.
 *
 * @param segment its key
 */
public record RemoveFromSegment(
        @Nullable String segment, @JsonInclude @Nullable String next) implements Tile.Picking {

    @Override
    public String type() {
        return "removeFromSegment";
    }

    @Override
    public boolean in() {
        return false;
    }

    @Override
    public Map<String, @Nullable String> exits() {
        return Exits.of("/next", next);
    }
}
