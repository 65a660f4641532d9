package sojourn.workflows.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the contact a member of a static segment, or of a dynamic one by an override, whatever its query says.
 *
 * @param segment its key
 */
public record AddToSegment(
        @Nullable String segment, @JsonInclude @Nullable String next) implements Tile.Picking {

    @Override
    public String type() {
        return "addToSegment";
    }

    @Override
    public boolean in() {
        return true;
    }

    @Override
    public Map<String, @Nullable String> exits() {
        return Exits.of("/next", next);
    }
}
