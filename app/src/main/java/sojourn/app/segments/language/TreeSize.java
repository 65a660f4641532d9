package sojourn.app.segments.language;

import java.util.ArrayDeque;
import java.util.stream.Stream;

/** Measures a tree without recursion, so that no tree, however it was made, exhausts the stack. */
final class TreeSize {

    static final int MOST_NODES = 5_000;

    /** A run of one operator is one level, a parenthesis up to two. */
    static final int DEEPEST = 2 * Tokens.DEEPEST + 10;

    private record Place(Object node, int depth) {}

    private TreeSize() {}

    static void check(Object root, Complaints complaints) {
        var todo = new ArrayDeque<Place>();
        todo.push(new Place(root, 1));
        for (var nodes = 0; !todo.isEmpty(); nodes++) {
            var place = todo.pop();
            if (place.depth() > DEEPEST) {
                complaints.add(1, 1, "too-deep", "This query nests deeper than " + Tokens.DEEPEST + " levels");
                return;
            } else if (nodes == MOST_NODES) {
                complaints.add(1, 1, "too-large", "This query has more than " + MOST_NODES + " parts; split it up");
                return;
            }
            children(place.node()).forEach(child -> todo.push(new Place(child, place.depth() + 1)));
        }
    }

    private static Stream<?> children(Object node) {
        return switch (node) {
            case Query query -> children(query);
            case Query.Step.Filter(var condition) -> Stream.of(condition);
            case Having having -> Stream.of(having.left(), having.right());
            case Condition condition -> children(condition);
            case Value.Arithmetic(var left, var _, var right) -> Stream.of(left, right);
            case Value.Negative(var of) -> Stream.of(of);
            default -> Stream.of();
        };
    }

    private static Stream<?> children(Query query) {
        return switch (query) {
            case Query.Profile(var _, var steps) -> steps.stream();
            case Query.Interactions(var types, var filters, var havings) ->
                Stream.of(types, filters, havings).flatMap(part -> part.stream());
            case Query.Members _ -> Stream.of();
            case Query.Union(var of) -> of.stream();
            case Query.Intersect(var of) -> of.stream();
            case Query.Except(var from, var without) -> Stream.concat(Stream.of(from), without.stream());
        };
    }

    private static Stream<?> children(Condition condition) {
        return switch (condition) {
            case Condition.All(var of) -> of.stream();
            case Condition.Any(var of) -> of.stream();
            case Condition.Not(var of) -> Stream.of(of);
            case Condition.Compare(var left, var _, var right) -> Stream.of(left, right);
            case Condition.In(var value, var list) -> Stream.concat(Stream.of(value), list.stream());
            case Condition.HasText(var text, var _, var part) -> Stream.of(text, part);
            case Condition.HasOptions(var _, var _, var options) -> options.stream();
            case Condition.IsNull(var value) -> Stream.of(value);
            case Condition.IsTrue(var value) -> Stream.of(value);
            case Condition.IsFalse(var value) -> Stream.of(value);
            case Condition.Member _ -> Stream.of();
        };
    }
}
