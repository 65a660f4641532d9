package sojourn.app.insights;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.workflows.journeys.AbTest;

/** Whether a metric makes sense for a journey: everything that does not is said at once. */
final class MetricCheck {

    private final JourneyRow journey;
    private final Metric metric;
    private final String pointer;
    private final List<ProblemError> problems = new ArrayList<>();

    private MetricCheck(JourneyRow journey, Metric metric, String pointer) {
        this.journey = journey;
        this.metric = metric;
        this.pointer = pointer;
    }

    /**
     * The selection that the metric means, or a problem.
     *
     * @param pointer where the metric stands in the request
     */
    static Selection check(JourneyRow journey, Metric metric, String pointer) {
        return new MetricCheck(journey, metric, pointer).check();
    }

    private Selection check() {
        var figure = figure();
        if (figure != null) {
            checkNarrowings(figure);
            checkTile(figure);
        }
        journey.complaintAbout(metric.version()).ifPresent(detail -> complain("version", "unknown-version", detail));
        new Range(metric.version(), metric.from(), metric.to()).check(pointer, problems);
        if (figure == null || !problems.isEmpty()) {
            throw Problem.invalid(problems);
        }
        return new Selection(journey, figure, metric);
    }

    private @Nullable Figure figure() {
        if (metric.of() == null) {
            complain("of", "missing", "Name a figure: " + String.join(", ", Figure.words()));
            return null;
        }
        return Figure.of(metric.of(), metric.tile() != null).orElseGet(() -> {
            complain(
                    "of",
                    "unknown-figure",
                    "There is no figure '" + metric.of() + "'; " + String.join(", ", Figure.words()) + " would fit");
            return null;
        });
    }

    private void checkNarrowings(Figure figure) {
        for (var narrowing : Narrowing.values()) {
            var value = metric.narrowedTo(narrowing);
            if (value == null) {
                continue;
            }
            if (!figure.takes(narrowing)) {
                complain(
                        narrowing.word(),
                        "does-not-fit",
                        "`" + figure.word() + "` has no figures by " + narrowing.word());
            } else if (value.isEmpty() || value.indexOf('\0') >= 0) {
                complain(narrowing.word(), "invalid-text", "Name a " + narrowing.word() + ", or leave it out");
            }
        }
    }

    private void checkTile(Figure figure) {
        if (metric.variant() != null && metric.tile() == null && figure.takes(Narrowing.VARIANT)) {
            complain("tile", "missing", "Name the tile whose variant is meant");
        }
        if (figure == Figure.BRANCH) {
            if (metric.tile() == null) {
                complain("tile", "missing", "Name the tile whose branch is meant");
            }
            if (metric.branch() == null) {
                complain("branch", "missing", "Name the branch");
            }
        }
        var id = metric.tile();
        if (id == null || !figure.takes(Narrowing.TILE)) {
            return;
        }
        var tiles = journey.versions().values().stream()
                .flatMap(document -> document.allTiles().entrySet().stream())
                .filter(tile -> tile.getKey().equals(id))
                .map(Map.Entry::getValue)
                .toList();
        if (tiles.isEmpty()) {
            complain("tile", "unknown-tile", "'" + journey.key() + "' has no tile '" + id + "'");
            return;
        }
        if (figure.isOfMessages() && tiles.stream().allMatch(tile -> tile.sending() == null)) {
            complain(
                    "tile",
                    "does-not-fit",
                    "'" + id + "' sends no messages, so `" + figure.word() + "` has no meaning");
        }
        if (figure == Figure.BRANCH
                && metric.branch() != null
                && tiles.stream().noneMatch(tile -> JourneyRow.branches(tile).contains(metric.branch()))) {
            complain("branch", "unknown-branch", "'" + id + "' has no branch '" + metric.branch() + "'");
        }
        if (metric.variant() != null
                && tiles.stream()
                        .flatMap(tile -> AbTest.of(tile).stream())
                        .noneMatch(test -> test.branchNames().contains(metric.variant()))) {
            complain("variant", "unknown-variant", "'" + id + "' has no variant '" + metric.variant() + "'");
        }
    }

    private void complain(String field, String code, String detail) {
        problems.add(ProblemError.at(pointer + "/" + field, code, detail));
    }
}
