package sojourn.app.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The journey's figures at one moment, as {@code GET /v1/journeys/{journey}/insights} answers them. */
record Figures(JsonNode json) {

    long of(String... path) {
        var node = json;
        for (var name : path) {
            node = node.path(name);
        }
        return node.asLong();
    }

    long ofTile(String tile, String... path) {
        return new Figures(json.path("tiles").path(tile)).of(path);
    }

    /** Of all tiles together. */
    long ofAllTiles(String... path) {
        return sum(json.path("tiles")
                .valueStream()
                .mapToLong(tile -> new Figures(tile).of(path))
                .boxed()
                .toList());
    }

    boolean hasEnded() {
        return of("entered") > 0 && of("inProgress") == 0;
    }

    /** Everything that does not add up; empty when all does. */
    List<String> faults(JsonNode document) {
        var faults = new Faults();
        faults.unless(
                of("entered") == of("inProgress") + of("completed") + of("stopped", "total") + of("failed"),
                "entered is not in progress + completed + stopped + failed");
        faults.unless(
                of("stopped", "total") == sum(json.at("/stopped/byReason")), "stopped is not the sum of its reasons");
        faults.unless(of("inProgress") >= ofAllTiles("processing"), "more are at tiles than are in progress");
        faults.unless(of("goal", "reached") <= of("entered"), "more reached the goal than entered");
        json.path("tiles")
                .propertyStream()
                .forEach(tile -> ofTile(tile.getKey(), new Figures(tile.getValue()), faults));
        ways(document, faults);
        return faults.found;
    }

    private static void ofTile(String name, Figures tile, Faults faults) {
        faults.unless(
                tile.of("inflow")
                        == tile.of("processing")
                                + tile.of("processed")
                                + tile.of("stopped")
                                + tile.of("expired")
                                + tile.of("failed"),
                name + ": inflow is not processing + processed + stopped + expired + failed");
        if (tile.json.has("branches")) {
            faults.unless(
                    tile.of("processed") == sum(tile.json.path("branches")),
                    name + ": processed is not the sum of branches");
        }
        if (tile.json.has("sent")) {
            faults.unless(
                    tile.of("sent") == tile.of("processed") - tile.of("blocked", "total") - tile.of("unconfirmed"),
                    name + ": sent is not processed - blocked - unconfirmed");
            faults.unless(
                    tile.of("blocked", "total") == sum(tile.json.at("/blocked/byReason")),
                    name + ": blocked is not the sum of its reasons");
            faults.unless(
                    tile.of("delivered") == tile.of("sent") - sum(tile.json.path("bounces")),
                    name + ": delivered is not sent - bounced");
            for (var reaction : List.of("opens", "clicks")) {
                faults.unless(
                        tile.of(reaction, "unique") <= Math.min(tile.of(reaction, "total"), tile.of("sent")),
                        name + ": more unique " + reaction + " than " + reaction + " or mails");
            }
        }
    }

    /** Whoever has left a tile on a way has come to the tile that it leads to, and nobody else has. */
    private void ways(JsonNode document, Faults faults) {
        Map<String, Long> arrived = new HashMap<>();
        TilePaths.forEach(document, (from, way) -> {
            var gone = way.branch().isEmpty()
                    ? ofTile(from, "processed") + ofTile(from, "expired")
                    : ofTile(from, "branches", way.branch());
            arrived.merge(way.to(), gone, Long::sum);
        });
        document.path("tiles").fieldNames().forEachRemaining(name -> {
            if (!name.equals(document.path("start").asText())) {
                faults.unless(
                        arrived.getOrDefault(name, 0L) == ofTile(name, "inflow"),
                        name + ": inflow is not what the tiles before it have let go");
            }
        });
    }

    private static long sum(JsonNode numbers) {
        return sum(numbers.valueStream().map(JsonNode::asLong).toList());
    }

    private static long sum(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).sum();
    }

    private static final class Faults {

        private final List<String> found = new ArrayList<>();

        private void unless(boolean holds, String fault) {
            if (!holds) {
                found.add(fault);
            }
        }
    }
}
