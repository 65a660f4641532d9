package sojourn.app.segments.language;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A query as a person reads it: blocks and parentheses from left to right, each joined to all that stand before it. */
public final class Operands {

    /** The names are the language's. */
    public enum Operator {
        UNION,
        INTERSECT,
        EXCEPT
    }

    /**
     * A block or a parenthesis.
     *
     * @param operator null for the first
     * @param path JSON pointer to it in the tree
     */
    public record Operand(@Nullable Operator operator, Query query, String path) {}

    private Operands() {}

    /** Whether nothing is joined in it. */
    public static boolean isBlock(Query query) {
        return switch (query) {
            case Query.Profile _, Query.Interactions _, Query.Members _ -> true;
            case Query.Union _, Query.Intersect _, Query.Except _ -> false;
        };
    }

    /**
     * The operands of a query that lies at {@code path}. A parenthesis with which it begins changes nothing and is left
     * out: {@code (A UNION B) EXCEPT C} has three.
     */
    public static List<Operand> of(Query query, String path) {
        return switch (query) {
            case Query.Profile _, Query.Interactions _, Query.Members _ -> List.of(new Operand(null, query, path));
            case Query.Union(var of) -> joined(of, path, Operator.UNION);
            case Query.Intersect(var of) -> joined(of, path, Operator.INTERSECT);
            case Query.Except(var from, var without) -> {
                var operands = new ArrayList<>(of(from, path + "/from"));
                IntStream.range(0, without.size())
                        .mapToObj(index -> new Operand(Operator.EXCEPT, without.get(index), path + "/without/" + index))
                        .forEach(operands::add);
                yield operands;
            }
        };
    }

    private static List<Operand> joined(List<Query> of, String path, Operator operator) {
        var operands = new ArrayList<>(of(of.getFirst(), path + "/of/0"));
        IntStream.range(1, of.size())
                .mapToObj(index -> new Operand(operator, of.get(index), path + "/of/" + index))
                .forEach(operands::add);
        return operands;
    }
}
