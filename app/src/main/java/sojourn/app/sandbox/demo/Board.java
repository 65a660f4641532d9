package sojourn.app.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How figures look in a terminal. */
final class Board {

    private static final String COLUMNS = "  %-15s %8s %11s %10s %8s %8s %7s %7s %7s %7s  %s";

    private Board() {}

    /** All of them, as a table of these tiles. */
    static List<String> table(Figures figures, List<String> tiles) {
        var lines = new ArrayList<String>();
        lines.add(String.format(
                Locale.ROOT,
                "  entered %,d   in progress %,d   completed %,d   stopped %,d   failed %,d   goal reached %,d (%.1f %%)",
                figures.of("entered"),
                figures.of("inProgress"),
                figures.of("completed"),
                figures.of("stopped", "total"),
                figures.of("failed"),
                figures.of("goal", "reached"),
                100 * figures.json().at("/goal/rate").asDouble()));
        lines.add("  stopped by: " + parts(figures.json().at("/stopped/byReason")));
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                COLUMNS,
                "tile",
                "inflow",
                "processing",
                "processed",
                "stopped",
                "expired",
                "failed",
                "sent",
                "opened",
                "clicked",
                ""));
        tiles.forEach(tile -> lines.add(row(figures, tile)));
        return lines;
    }

    private static String row(Figures figures, String tile) {
        var json = figures.json().path("tiles").path(tile);
        var sends = json.has("sent");
        return String.format(
                        Locale.ROOT,
                        COLUMNS,
                        tile,
                        number(figures.ofTile(tile, "inflow")),
                        number(figures.ofTile(tile, "processing")),
                        number(figures.ofTile(tile, "processed")),
                        number(figures.ofTile(tile, "stopped")),
                        number(figures.ofTile(tile, "expired")),
                        number(figures.ofTile(tile, "failed")),
                        sends ? number(figures.ofTile(tile, "sent")) : "",
                        sends ? number(figures.ofTile(tile, "opens", "unique")) : "",
                        sends ? number(figures.ofTile(tile, "clicks", "unique")) : "",
                        remark(json))
                .stripTrailing();
    }

    /** Where those went who are not among the sent, or by which branch. */
    private static String remark(JsonNode tile) {
        var remarks = new ArrayList<String>();
        if (tile.has("branches")) {
            remarks.add(parts(tile.path("branches")));
        }
        if (tile.at("/blocked/total").asLong() > 0) {
            remarks.add("blocked: " + parts(tile.at("/blocked/byReason")));
        }
        if (tile.path("unconfirmed").asLong() > 0) {
            remarks.add("unconfirmed: " + number(tile.path("unconfirmed").asLong()));
        }
        return String.join("; ", remarks);
    }

    /** The most important in a line. */
    static String line(Figures figures, Duration elapsed) {
        return String.format(
                Locale.ROOT,
                "  %4d s  entered %,d, in progress %,d, completed %,d, stopped %,d, failed %,d, goal %,d, sent %,d, opened %,d",
                elapsed.toSeconds(),
                figures.of("entered"),
                figures.of("inProgress"),
                figures.of("completed"),
                figures.of("stopped", "total"),
                figures.of("failed"),
                figures.of("goal", "reached"),
                figures.ofAllTiles("sent"),
                figures.ofAllTiles("opens", "unique"));
    }

    private static String parts(JsonNode numbers) {
        return numbers.isEmpty()
                ? "none"
                : numbers.propertyStream()
                        .map(part ->
                                part.getKey() + " " + number(part.getValue().asLong()))
                        .collect(Collectors.joining(", "));
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
