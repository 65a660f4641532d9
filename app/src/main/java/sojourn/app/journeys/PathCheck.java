package sojourn.app.journeys;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Nearest;
import sojourn.workflows.journeys.JourneyDocument;

/** Whether the tiles make a path: each named one is there, each is reached, none comes again. */
final class PathCheck {

    private final JourneyDocument journey;
    private final Findings findings;

    PathCheck(JourneyDocument journey, Findings findings) {
        this.journey = journey;
        this.findings = findings;
    }

    void check() {
        var tiles = journey.allTiles();
        if (tiles.isEmpty()) {
            findings.error("/tiles", "missing-tiles", "A journey needs at least one tile");
        }
        if (journey.start() == null) {
            findings.error("/start", "missing-start", "Name the first tile");
        } else if (!tiles.containsKey(journey.start())) {
            missing(null, "/start", journey.start());
        }
        tiles.forEach((id, tile) -> tile.exits().forEach((pointer, next) -> {
            if (next != null && !tiles.containsKey(next)) {
                missing(id, DocumentProblem.tilePointer(id) + pointer, next);
            }
        }));
        checkReached();
        checkCycles();
    }

    private void missing(@Nullable String tile, String pointer, String next) {
        findings.error(
                tile,
                pointer,
                "missing-tile",
                "There is no tile '" + next + "'"
                        + Nearest.advice(next, journey.allTiles().keySet()));
    }

    private List<String> after(String id) {
        var tile = journey.allTiles().get(id);
        return tile == null
                ? List.of()
                : tile.exits().values().stream()
                        .filter(Objects::nonNull)
                        .distinct()
                        .toList();
    }

    private void checkReached() {
        if (journey.start() == null) {
            return;
        }
        var reached = new HashSet<String>();
        var waiting = new ArrayDeque<>(List.of(journey.start()));
        while (!waiting.isEmpty()) {
            var id = waiting.pop();
            if (reached.add(id)) {
                waiting.addAll(after(id));
            }
        }
        for (var id : journey.allTiles().keySet()) {
            if (!reached.contains(id)) {
                findings.error(
                        id,
                        DocumentProblem.tilePointer(id),
                        "unreachable-tile",
                        "No path leads to the tile '" + id + "'");
            }
        }
    }

    /** Walks depth first without recursion, so that a long chain of tiles is no danger. */
    private void checkCycles() {
        var done = new HashSet<String>();
        for (var root : journey.allTiles().keySet()) {
            var path = new LinkedHashSet<String>();
            var steps = new ArrayDeque<Step>();
            steps.push(new Step(root, false));
            while (!steps.isEmpty()) {
                var step = steps.pop();
                if (step.leaving()) {
                    path.removeLast();
                    done.add(step.tile());
                } else if (path.contains(step.tile())) {
                    cycle(path, step.tile());
                } else if (!done.contains(step.tile())) {
                    path.addLast(step.tile());
                    steps.push(new Step(step.tile(), true));
                    after(step.tile()).forEach(next -> steps.push(new Step(next, false)));
                }
            }
        }
    }

    private record Step(String tile, boolean leaving) {}

    private void cycle(Set<String> path, String again) {
        var names = List.copyOf(path);
        var round = String.join(" -> ", names.subList(names.indexOf(again), names.size())) + " -> " + again;
        findings.error(
                again, DocumentProblem.tilePointer(again), "cycle", "The path comes back to where it was: " + round);
    }
}
