package sojourn.app.segments.language;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A piece of SQL and the values of its question marks, in order. The text is made of our own constants only; what people
 * wrote is among the values.
 */
public record Sql(String text, List<Object> values) {

    public Sql {
        values = List.copyOf(values);
    }

    static Sql of(String text, Object... values) {
        return new Sql(text, Arrays.asList(values));
    }

    /** The template with each {@code {}} replaced by the piece whose turn it is. */
    static Sql fill(String template, Sql... pieces) {
        var text = new StringBuilder();
        var values = new ArrayList<>();
        var from = 0;
        for (var piece : pieces) {
            var hole = template.indexOf("{}", from);
            text.append(template, from, hole).append(piece.text());
            values.addAll(piece.values());
            from = hole + 2;
        }
        return new Sql(text.append(template.substring(from)).toString(), values);
    }

    static Sql join(String separator, List<Sql> pieces) {
        return new Sql(
                pieces.stream().map(Sql::text).collect(joining(separator)),
                pieces.stream().flatMap(piece -> piece.values().stream()).toList());
    }

    static Sql all(Stream<Sql> pieces) {
        return logical(" and ", "true", pieces.toList());
    }

    static Sql any(Stream<Sql> pieces) {
        return logical(" or ", "false", pieces.toList());
    }

    private static Sql logical(String operator, String whenEmpty, List<Sql> pieces) {
        return switch (pieces.size()) {
            case 0 -> of(whenEmpty);
            case 1 -> pieces.getFirst();
            default -> fill("({})", join(operator, pieces));
        };
    }

    /** True where the piece is false or null, which are one in a two-valued logic. */
    Sql not() {
        return fill("(({}) is not true)", this);
    }
}
