package sojourn.app.segments.language;

import java.util.ArrayDeque;

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
            TreeWalk.children(place.node()).forEach(child -> todo.push(new Place(child, place.depth() + 1)));
        }
    }
}
