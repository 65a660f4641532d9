package sojourn.app.journeys;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.ImportedPart;
import sojourn.app.platform.Json;
import sojourn.app.platform.ProblemError;
import sojourn.app.segments.SegmentParts;
import sojourn.workflows.journeys.JourneyDocument;

/** The keys under which the parts of a bundle come in, where these are others than they were sent under. */
final class BundleNames {

    private static final ObjectMapper JSON = Json.mapper();

    private final Map<String, String> segments = new TreeMap<>();
    private final Map<String, String> messages = new TreeMap<>();
    private final Map<String, String> journeys = new TreeMap<>();

    void segment(ImportedPart part) {
        note(part, segments);
    }

    void message(ImportedPart part) {
        note(part, messages);
    }

    void journey(String sent, String here) {
        if (!sent.equals(here)) {
            journeys.put(sent, here);
        }
    }

    private static void note(ImportedPart part, Map<String, String> names) {
        if (part.as() != null) {
            names.put(part.key(), part.as());
        }
    }

    /** A query with the segments' names here. */
    @Nullable
    String query(@Nullable String query) {
        return query == null || segments.isEmpty() ? query : SegmentParts.renamed(query, segments);
    }

    /** A document with all names here. */
    JourneyDocument document(JourneyDocument document) {
        if (segments.isEmpty() && messages.isEmpty() && journeys.isEmpty()) {
            return document;
        }
        ObjectNode tree = JSON.valueToTree(document);
        name(tree, "suppressionSegment", segments);
        names(tree.at("/audience/segments"), segments);
        names(tree.at("/audience/exclude"), segments);
        for (var exit : tree.at("/exit/segments")) {
            name(exit, "joins", segments);
            name(exit, "leaves", segments);
        }
        tree.path("tiles").forEach(tile -> tile(tile, document));
        try {
            return JSON.treeToValue(tree, JourneyDocument.class);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void tile(JsonNode tile, JourneyDocument document) {
        name(tile, "message", messages);
        name(tile.path("sends"), "message", messages);
        name(tile, "segment", segments);
        name(tile, "journey", journeys);
        tile.path("variants").forEach(variant -> name(variant, "message", messages));
        for (var branch : tile.path("branches")) {
            if (branch.path("when").isTextual() && branch instanceof ObjectNode written) {
                written.put("when", query(branch.path("when").asText()));
            }
            for (var condition : branch.path("when")) {
                name(condition, "segment", segments);
                var interaction = condition.path("interaction");
                // An id of a tile goes before the key of a message.
                if (!document.allTiles().containsKey(interaction.path("of").asText())) {
                    name(interaction, "of", messages);
                }
            }
        }
    }

    private static void name(JsonNode node, String field, Map<String, String> names) {
        var other = names.get(node.path(field).asText());
        if (other != null && node instanceof ObjectNode written) {
            written.put(field, other);
        }
    }

    private static void names(JsonNode node, Map<String, String> names) {
        if (node instanceof ArrayNode list) {
            for (var index = 0; index < list.size(); index++) {
                var key = list.get(index).asText();
                list.set(index, JSON.getNodeFactory().textNode(names.getOrDefault(key, key)));
            }
        }
    }

    /** What only a person can rename: the key of a message or journey as a text, to which something is compared. */
    void findInTexts(String pointer, Stream<String> texts, List<ProblemError> errors) {
        var keys = new HashSet<>(messages.keySet());
        keys.addAll(journeys.keySet());
        texts.flatMap(text -> SegmentParts.quoted(text).stream())
                .filter(keys::contains)
                .distinct()
                .forEach(key -> errors.add(ProblemError.at(
                        pointer,
                        "named-in-text",
                        "'" + key + "' would come in under another key, but stands here as a text; change the text, or"
                                + " the key, and import again")));
    }
}
