package sojourn.app.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.BiConsumer;

/** Where the tiles of a document lead. */
final class TilePaths {

    private TilePaths() {}

    /** A way out of a tile: of whoever takes a branch, or, where {@code branch} is empty, of everyone who goes on. */
    record Way(String branch, String to) {}

    /** Calls back for each way out of each tile that leads to another one. */
    static void forEach(JsonNode document, BiConsumer<String, Way> wayOf) {
        document.path("tiles").propertyStream().forEach(entry -> {
            var id = entry.getKey();
            var tile = entry.getValue();
            way(id, "", tile.path("next"), wayOf);
            way(id, "", tile.path("sends").path("next"), wayOf);
            way(id, "no", tile.path("otherwise"), wayOf);
            for (var list : List.of("branches", "variants")) {
                tile.path(list).forEach(branch -> way(id, branch.path("name").asText(), branch.path("next"), wayOf));
            }
        });
    }

    private static void way(String from, String branch, JsonNode to, BiConsumer<String, Way> wayOf) {
        if (to.isTextual()) {
            wayOf.accept(from, new Way(branch, to.asText()));
        }
    }

    /** The tiles in the order in which people meet them, the shortest way. */
    static List<String> inOrder(JsonNode document) {
        var order = new LinkedHashSet<String>();
        var next = new ArrayDeque<>(List.of(document.path("start").asText()));
        while (!next.isEmpty()) {
            var tile = next.removeFirst();
            if (order.add(tile)) {
                forEach(document, (from, way) -> {
                    if (from.equals(tile)) {
                        next.add(way.to());
                    }
                });
            }
        }
        return List.copyOf(order);
    }
}
