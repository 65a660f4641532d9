package sojourn.app.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The one place where a journey as shipped becomes one that can be watched: waits of days are some seconds, and so are waits
 * until a moment; nothing keeps its hours. All else stays as it is.
 */
final class Haste {

    /**
     * People have opened, clicked and done what comes of it within half as many waits. Who comes in the last moment is not
     * shown: the in-memory Temporal loses a step that gives up a timer which fires just then (temporalio/sdk-java#3088).
     */
    private static final int TO_REACT = 4;
    /** A whole other journey is through within this many. */
    private static final int TO_END = 20;

    private final int seconds;

    /** @param seconds that each wait lasts */
    Haste(int seconds) {
        this.seconds = seconds;
    }

    /** The bundle with hasty journeys. */
    JsonNode of(JsonNode bundle) {
        var hasty = bundle.<JsonNode>deepCopy();
        hasty.path("journeys").forEach(journey -> document(journey.path("document")));
        return hasty;
    }

    private void document(JsonNode document) {
        if (document instanceof ObjectNode whole) {
            whole.remove(List.of("schedule", "limits"));
        }
        document.path("tiles").forEach(tile -> {
            if (tile instanceof ObjectNode one) {
                tile(one);
            }
        });
    }

    private void tile(ObjectNode tile) {
        tile.remove("sendWindow");
        switch (tile.path("type").asText()) {
            case "waitFor" -> tile.put("duration", waits(1));
            case "waitUntil" -> {
                var next = tile.path("next");
                tile.removeAll();
                tile.put("type", "waitFor").put("duration", waits(1)).set("next", next);
            }
            case "ifThen" -> {
                if (!tile.path("timeLimit").asText().equals("PT0S")) {
                    tile.put("timeLimit", waits(TO_REACT));
                }
            }
            case "startJourney" -> tile.put("maximum", waits(TO_END));
            case "abTest" -> {
                if (tile.path("end") instanceof ObjectNode end) {
                    end.put("after", waits(TO_REACT));
                }
                if (tile.path("sends") instanceof ObjectNode sends) {
                    sends.remove("sendWindow");
                }
            }
            default -> {}
        }
    }

    private String waits(int number) {
        return "PT" + number * seconds + "S";
    }
}
