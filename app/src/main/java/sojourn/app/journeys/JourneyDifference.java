package sojourn.app.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Json;
import sojourn.workflows.journeys.JourneyDocument;

/** What is different in a journey's document from what it was. */
record JourneyDifference(List<Change> changes, Tiles tiles) {

    /**
     * A part that is different: the smallest one, but a list that has grown or shrunk as a whole.
     *
     * @param was as in the document, absent when the part is new
     * @param is absent when the part is gone
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Change(
            String pointer, @Nullable Object was, @Nullable Object is) {}

    /** Ids of tiles. */
    record Tiles(List<String> added, List<String> removed, List<String> changed) {}

    static JourneyDifference between(JourneyDocument was, JourneyDocument is) {
        JsonNode before = Json.mapper().valueToTree(was);
        JsonNode after = Json.mapper().valueToTree(is);
        var changes = new ArrayList<Change>();
        collect("", before, after, changes);
        return new JourneyDifference(changes, tiles(before.path("tiles"), after.path("tiles")));
    }

    private static Tiles tiles(JsonNode was, JsonNode is) {
        return new Tiles(
                names(is).filter(tile -> !was.has(tile)).toList(),
                names(was).filter(tile -> !is.has(tile)).toList(),
                names(was)
                        .filter(tile -> is.has(tile) && !was.path(tile).equals(is.path(tile)))
                        .toList());
    }

    private static Stream<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey);
    }

    private static void collect(String pointer, JsonNode was, JsonNode is, List<Change> changes) {
        if (was.isObject() && is.isObject()) {
            Stream.concat(names(was), names(is))
                    .distinct()
                    .forEach(name -> collect(
                            pointer + "/" + DocumentProblem.escaped(name), was.path(name), is.path(name), changes));
        } else if (was.isArray() && is.isArray() && was.size() == is.size()) {
            for (var index = 0; index < was.size(); index++) {
                collect(pointer + "/" + index, was.get(index), is.get(index), changes);
            }
        } else if (!was.equals(is)) {
            changes.add(new Change(pointer, value(was), value(is)));
        }
    }

    /** A JSON null is a value. */
    private static @Nullable Object value(JsonNode node) {
        return node instanceof MissingNode ? null : node;
    }
}
