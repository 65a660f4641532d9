package sojourn.app.insights;

import java.util.ArrayList;
import java.util.Collection;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sojourn.app.contacts.Fold;
import sojourn.workflows.journeys.Tile;

/** Writes a figure in the segment language, the way a person would: over the interactions that runs recorded. */
final class SegmentQuery {

    private final Selection selection;
    private final Collection<String> names;

    private SegmentQuery(Selection selection) {
        this.selection = selection;
        this.names = names(selection.journey());
    }

    static String of(Selection selection) {
        return new SegmentQuery(selection).write();
    }

    private String write() {
        var figure = selection.figure();
        return "INTERACTION(" + String.join(", ", figure.types()) + ").FILTER(" + String.join(" && ", conditions())
                + ")" + figure.having();
    }

    private Collection<String> conditions() {
        var figure = selection.figure();
        var metric = selection.metric();
        var conditions = new ArrayList<String>();
        conditions.add("journey == " + quoted(selection.journey().key()));
        for (var narrowing : Narrowing.values()) {
            var value = metric.narrowedTo(narrowing);
            if (value != null) {
                conditions.add(narrowing.word() + " == " + literal(narrowing, value));
            }
        }
        if (!figure.condition().isEmpty()) {
            conditions.add(figure.condition());
        }
        if (metric.version() != null) {
            conditions.add("version == " + metric.version());
        }
        if (metric.from() != null) {
            conditions.add(
                    figure.source().began() + " >= " + quoted(metric.from().toString()));
        }
        if (metric.to() != null) {
            conditions.add(figure.source().began() + " < " + quoted(metric.to().toString()));
        }
        return conditions;
    }

    /** Texts compare folded; only where that could mean another name of the journey too is the exact one asked for. */
    private String literal(Narrowing narrowing, String value) {
        var folded = Fold.text(value);
        var exact = narrowing == Narrowing.LINK
                || !folded.equals(value)
                || names.stream()
                        .anyMatch(name -> !name.equals(value) && Fold.text(name).equals(folded));
        return exact ? "CASE " + quoted(value) : quoted(value);
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** Ids of tiles, names of branches and outcomes, of all versions. */
    private static Collection<String> names(JourneyRow journey) {
        return journey.versions().values().stream()
                .flatMap(document -> document.allTiles().entrySet().stream())
                .flatMap(tile -> Stream.concat(
                        Stream.concat(Stream.of(tile.getKey()), JourneyRow.branches(tile.getValue()).stream()),
                        tile.getValue() instanceof Tile.End(var outcome) ? Stream.ofNullable(outcome) : Stream.empty()))
                .collect(Collectors.toSet());
    }
}
