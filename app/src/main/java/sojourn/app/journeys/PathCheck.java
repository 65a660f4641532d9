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
import sojourn.workflows.journeys.Passes;
import sojourn.workflows.journeys.Tile;

/** Whether the tiles make a path: each named one is there, each is reached, none comes again but through a wait that says how often. */
final class PathCheck {

    private static final int MOST_PASSES = 1000;

    private final JourneyDocument journey;
    private final Findings findings;
    private final Paths paths;

    PathCheck(JourneyDocument journey, Findings findings) {
        this.journey = journey;
        this.findings = findings;
        this.paths = new Paths(journey);
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
        checkPasses();
    }

    private void missing(@Nullable String tile, String pointer, String next) {
        findings.error(
                tile,
                pointer,
                "missing-tile",
                "There is no tile '" + next + "'"
                        + Nearest.advice(next, journey.allTiles().keySet()));
    }

    private void checkReached() {
        // From a start that there is not no tile is reached, which is no fault of the tiles.
        if (journey.start() == null || !journey.allTiles().containsKey(journey.start())) {
            return;
        }
        var reached = paths.from(List.of(journey.start()));
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

    /** Leaves out the ways of tiles that say how often they may be come to: a path that comes back through one is none here. */
    private List<String> afterUnlimited(String id) {
        var tile = journey.allTiles().get(id);
        return tile != null && Passes.of(tile) != null && Passes.fit(tile) ? List.of() : paths.after(id);
    }

    private void checkPasses() {
        journey.allTiles().forEach((id, tile) -> {
            var passes = Passes.of(tile);
            if (passes != null) {
                checkPasses(id, tile, passes);
            }
        });
    }

    private void checkPasses(String id, Tile tile, Passes passes) {
        var pointer = DocumentProblem.tilePointer(id) + "/passes";
        if (passes.most() == null) {
            findings.error(id, pointer + "/most", "missing-most", "Say how often a run may wait here, like 3");
        } else if (passes.most() < 1 || passes.most() > MOST_PASSES) {
            findings.error(
                    id,
                    pointer + "/most",
                    "out-of-range",
                    "most is " + passes.most() + "; 1 to " + MOST_PASSES + " would fit");
        }
        if (passes.then() != null && paths.from(List.of(passes.then())).contains(id)) {
            findings.error(
                    id,
                    pointer + "/then",
                    "cycle",
                    "'" + passes.then() + "' leads back to '" + id + "', where the passes are used up by then;"
                            + " a tile that does not would fit, or null for the end");
        }
        if (!paths.lead(id, id)) {
            findings.warning(
                    id,
                    pointer,
                    "never-comes-again",
                    "No path comes back to '" + id + "', so that its passes are never used up");
        } else if (!Passes.fit(tile)) {
            findings.error(
                    id,
                    pointer,
                    "wait-too-short",
                    "A path comes back here; a wait of a minute or more would fit, or one until a `weekday` or a `time`");
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
                    afterUnlimited(step.tile()).forEach(next -> steps.push(new Step(next, false)));
                }
            }
        }
    }

    private record Step(String tile, boolean leaving) {}

    private void cycle(Set<String> path, String again) {
        var names = List.copyOf(path);
        var round = String.join(" -> ", names.subList(names.indexOf(again), names.size())) + " -> " + again;
        var wait = names.subList(names.indexOf(again), names.size()).stream()
                .filter(name ->
                        Passes.fit(Objects.requireNonNull(journey.allTiles().get(name))))
                .findFirst()
                .map(name -> "'" + name + "'")
                .orElse("a wait of a minute or more on the way");
        findings.error(
                again,
                DocumentProblem.tilePointer(again),
                "cycle",
                "The path comes back to where it was: " + round + "; it may where `passes` of " + wait
                        + " says how often");
    }
}
