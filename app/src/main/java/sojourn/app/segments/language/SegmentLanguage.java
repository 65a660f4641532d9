package sojourn.app.segments.language;

import java.util.List;
import java.util.function.Supplier;

/**
 * Reads and writes queries and conditions. What is read has been checked against the catalogue; everything wrong with
 * it is said at once.
 */
public final class SegmentLanguage {

    private static final int LONGEST = 100_000;
    private static final int LONGEST_SHOWN = 1_000;

    private SegmentLanguage() {}

    public static Query parse(String text, Catalog catalog) {
        return read(text, (tokens, complaints) -> {
            var parser = new QueryParser(tokens, complaints, catalog);
            return whole(parser::query, tokens, "UNION, INTERSECT, EXCEPT or the end");
        });
    }

    /** A condition on one contact; {@code SEGMENT(key)} is one here. */
    public static Condition parseContactCondition(String text, Catalog catalog) {
        return condition(text, catalog, Scope.contact(catalog, true));
    }

    /** A condition on one interaction of one of these types, of any when none is named. */
    public static Condition parseInteractionCondition(String text, Catalog catalog, List<String> types) {
        return condition(text, catalog, Scope.interaction(catalog, types));
    }

    /** The text that means this query and no other. */
    public static String print(Query query) {
        return Printer.print(query);
    }

    public static String print(Condition condition) {
        return Printer.print(condition);
    }

    /**
     * Checks a tree that came as JSON as if it had been written: the answer is equal to it, or it is refused, with the
     * places in the tree.
     */
    public static Query check(Query tree, Catalog catalog) {
        var complaints = new Complaints();
        TreePlaces.requireAll(tree, complaints);
        complaints.throwIfAny();
        TreeSize.check(tree, complaints);
        complaints.throwIfAny();
        var text = print(tree);
        var parsed = checked(tree, text, catalog);
        if (!parsed.equals(tree)) {
            complaints.addAt(
                    TreePlaces.difference(tree, parsed),
                    "wrong-type",
                    "This tree does not mean what its text says: " + shortened(text));
            complaints.throwIfAny();
        }
        return parsed;
    }

    private static Query checked(Query tree, String text, Catalog catalog) {
        try {
            return parse(text, catalog);
        } catch (QueryException refused) {
            var places = new TreePlaces();
            throw new QueryException(refused.errors().stream()
                    .map(error -> error.at(places.at(tree, text, offset(text, error))))
                    .toList());
        }
    }

    private static int offset(String text, QueryError error) {
        var start = 0;
        for (var line = 1; line < error.line(); line++) {
            start = text.indexOf('\n', start) + 1;
        }
        return text.offsetByCodePoints(start, error.column() - 1);
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
    }

    private static Condition condition(String text, Catalog catalog, Scope scope) {
        return read(text, (tokens, complaints) -> {
            var parser = new ExpressionParser(tokens, complaints, catalog, scope);
            return whole(parser::condition, tokens, "&&, || or the end");
        });
    }

    private interface Reader<T> {
        T read(Tokens tokens, Complaints complaints);
    }

    private static <T> T read(String text, Reader<T> reader) {
        var complaints = new Complaints();
        if (text.length() > LONGEST) {
            complaints.add(1, 1, "too-long", "A query has at most " + LONGEST + " characters");
            complaints.throwIfAny();
        }
        var tokens = new Tokens(Lexer.tokens(text, complaints), complaints);
        try {
            var tree = reader.read(tokens, complaints);
            TreeSize.check(tree, complaints);
            complaints.throwIfAny();
            return tree;
        } catch (Complaints.Unreadable known) {
            complaints.throwIfAny();
            throw known;
        }
    }

    private static <T> T whole(Supplier<T> body, Tokens tokens, String next) {
        var tree = body.get();
        if (tokens.peek().kind() != Token.Kind.END) {
            throw tokens.unexpected(next);
        }
        return tree;
    }
}
