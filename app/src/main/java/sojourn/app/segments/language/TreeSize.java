package sojourn.app.segments.language;

import java.util.ArrayDeque;
import java.util.Collections;
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
            weighed(place.node()).forEach(child -> todo.push(new Place(child, place.depth() + 1)));
        }
    }

    /** Each having asks its block's types and filters anew, so that they weigh once for each. */
    private static Stream<?> weighed(Object node) {
        return node instanceof Query.Interactions(var types, var filters, var havings)
                ? Stream.concat(
                        havings.stream(),
                        Stream.concat(types.stream(), filters.stream())
                                .flatMap(part -> Collections.nCopies(Math.max(1, havings.size()), part).stream()))
                : TreeWalk.children(node);
    }
}
