package sojourn.app.segments.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Reads blocks and the set operators between them. */
final class QueryParser {

    private static final Set<String> BLOCKS = Set.of("PROFILE", "INTERACTION", "SEGMENT");
    private static final Set<String> SET_OPERATORS = Set.of("UNION", "INTERSECT", "EXCEPT");
    private static final Set<String> LINKS = Set.of("FILTER", "TRAVERSE", "HAVING", "UNION", "INTERSECT", "EXCEPT");

    /** What people write who know other languages, and what they mean. */
    private static final Map<String, String> MEANT = Map.of(
            "AND", "INTERSECT",
            "&&", "INTERSECT",
            "INTERSECTION", "INTERSECT",
            "OR", "UNION",
            "||", "UNION",
            "NOT", "EXCEPT",
            "MINUS", "EXCEPT",
            "WITHOUT", "EXCEPT");

    /** The same behind the dot of a block. */
    private static final Map<String, String> MEANT_LINKS = Map.of(
            "WHERE", "FILTER(...)",
            "COUNT", "HAVING(COUNT() >= 3)",
            "SUM", "HAVING(SUM(amount) > 100)",
            "DAYS", "HAVING(COUNT() > 0, DAYS(30))",
            "AND", "INTERSECT(...)",
            "OR", "UNION(...)");

    /** Stands for what could not be read; it has been complained about, so nobody will see it. */
    private static final Query UNREADABLE = new Query.Members("");

    private final Tokens tokens;
    private final Complaints complaints;
    private final Catalog catalog;

    QueryParser(Tokens tokens, Complaints complaints, Catalog catalog) {
        this.tokens = tokens;
        this.complaints = complaints;
        this.catalog = catalog;
    }

    Query query() {
        var joined = new Joined(operand());
        while (isSetOperator(tokens.peek()) || isMistakenOperator()) {
            joined.add(operator(), operand());
        }
        return joined.query();
    }

    private String operator() {
        var operator = tokens.next();
        if (isSetOperator(operator)) {
            return operator.text().toUpperCase(Locale.ROOT);
        }
        var negated = tokens.takeWord("NOT") || tokens.take("!");
        var meant = MEANT.get(negated ? "NOT" : operator.text().toUpperCase(Locale.ROOT));
        complaints.add(
                operator,
                "unexpected",
                "Found " + operator.shown() + "; expected UNION, INTERSECT or EXCEPT"
                        + (meant == null
                                ? Names.suggest(operator.text(), SET_OPERATORS)
                                : "; between blocks this is written " + meant));
        return "UNION";
    }

    /** A word in the place of an operator, with more behind it: what follows is looked at all the same. */
    private boolean isMistakenOperator() {
        var word = tokens.peek();
        var ahead = tokens.peek(1).isWord("NOT") || tokens.peek(1).is("!") ? 2 : 1;
        return (word.kind() == Token.Kind.NAME || MEANT.containsKey(word.text()))
                && (tokens.peek(ahead).is("(") || isBlock(tokens.peek(ahead), tokens.peek(ahead + 1)));
    }

    private static boolean isBlock(Token name, Token behind) {
        return name.kind() == Token.Kind.NAME
                && BLOCKS.contains(name.text().toUpperCase(Locale.ROOT))
                && behind.is("(");
    }

    private static boolean isSetOperator(Token token) {
        return token.kind() == Token.Kind.NAME
                && SET_OPERATORS.contains(token.text().toUpperCase(Locale.ROOT));
    }

    /** Goes from left to right; a run of one operator is one node. */
    private static final class Joined {
        private String operator = "";
        private final List<Query> parts = new ArrayList<>();

        Joined(Query first) {
            parts.add(first);
        }

        void add(String next, Query part) {
            if (!next.equals(operator)) {
                var left = query();
                parts.clear();
                parts.add(left);
                operator = next;
            }
            parts.add(part);
        }

        Query query() {
            return switch (operator) {
                case "UNION" -> new Query.Union(parts);
                case "INTERSECT" -> new Query.Intersect(parts);
                case "EXCEPT" -> new Query.Except(parts.getFirst(), parts.subList(1, parts.size()));
                default -> parts.getFirst();
            };
        }
    }

    /** A block or a parenthesis with the set operators chained to it; what is unreadable is stepped over. */
    private Query operand() {
        try {
            var joined = new Joined(primary());
            while (tokens.take(".")) {
                var link = tokens.next();
                if (!isSetOperator(link)) {
                    notALink(link);
                    tokens.parenthesized("behind " + link.shown(), this::skipAll, UNREADABLE);
                    continue;
                }
                joined.add(link.text().toUpperCase(Locale.ROOT), nested("behind " + link.shown()));
            }
            return joined.query();
        } catch (Complaints.Unreadable known) {
            tokens.skipTo(QueryParser::isSetOperator);
            return UNREADABLE;
        }
    }

    private Query nested(String purpose) {
        return tokens.parenthesized(purpose, this::query, UNREADABLE);
    }

    private Query skipAll() {
        tokens.skipTo(_ -> false);
        return UNREADABLE;
    }

    private void notALink(Token link) {
        if (link.isWord("FILTER") || link.isWord("HAVING") || link.isWord("TRAVERSE")) {
            complaints.add(
                    link,
                    "unexpected",
                    link.shown() + " belongs to a block; write it right behind PROFILE(...) or INTERACTION(...)");
            return;
        }
        var meant = MEANT_LINKS.get(link.text().toUpperCase(Locale.ROOT));
        complaints.add(
                link,
                "unexpected",
                "Found " + link.shown() + "; expected FILTER, HAVING, TRAVERSE, UNION, INTERSECT or EXCEPT"
                        + (meant == null ? Names.suggest(link.text(), LINKS) : "; this is written " + meant));
    }

    private Query primary() {
        var at = tokens.peek();
        if (at.is("(")) {
            return nested("");
        }
        if (!tokens.isCall()) {
            throw tokens.unexpected("PROFILE(...), INTERACTION(...), SEGMENT(...) or a parenthesis");
        }
        tokens.next();
        return switch (at.text().toUpperCase(Locale.ROOT)) {
            case "PROFILE" -> profile();
            case "INTERACTION" -> interactions();
            case "SEGMENT" -> segment();
            default -> {
                complaints.add(at, "unknown-block", "Unknown block " + at.shown() + Names.suggest(at.text(), BLOCKS));
                tokens.next();
                tokens.skipTo(token -> false);
                tokens.take(")");
                yield UNREADABLE;
            }
        };
    }

    private Query segment() {
        return tokens.parenthesized(
                "behind SEGMENT", () -> new Query.Members(SegmentKeys.read(tokens, complaints, catalog)), UNREADABLE);
    }

    private Query profile() {
        return new ProfileParser(tokens, complaints, catalog).profile();
    }

    private Query interactions() {
        var types = tokens.parenthesized("behind INTERACTION", this::types, List.of(""));
        var scope = Scope.interaction(catalog, types);
        var expressions = expressions(scope);
        var having = new HavingParser(tokens, complaints, expressions(scope.aggregated()));
        var filters = new ArrayList<Condition>();
        var havings = new ArrayList<Having>();
        while (true) {
            if (tokens.takeLink("FILTER")) {
                filters.add(filter(expressions));
            } else if (tokens.takeLink("HAVING")) {
                having(having, havings);
            } else {
                return new Query.Interactions(types, filters, havings);
            }
        }
    }

    private void having(HavingParser parser, List<Having> into) {
        var count = new Value.Aggregate(Value.Function.COUNT, null);
        into.add(tokens.parenthesized("behind HAVING", parser::having, new Having(count, Comparison.EQ, count, null)));
    }

    private List<String> types() {
        if (tokens.peek().isWord("ANY")
                && !catalog.interactionTypes().containsKey(tokens.peek().text())) {
            tokens.next();
            return List.of();
        }
        var types = new ArrayList<String>();
        do {
            var type = name("an interaction type, or ANY");
            if (isRelationship(type, types)) {
                continue;
            }
            if (!catalog.interactionTypes().containsKey(type.text())) {
                complaints.add(
                        type,
                        "unknown-interaction-type",
                        "Unknown interaction type " + type.shown()
                                + Names.suggest(
                                        type.text(), catalog.interactionTypes().keySet()));
            }
            if (!types.contains(type.text())) {
                types.add(type.text());
            }
        } while (tokens.take(","));
        return types;
    }

    /** Dynamics ends the types with the relationship by which they belong to contacts. Here they always do. */
    private boolean isRelationship(Token name, List<String> types) {
        return !types.isEmpty()
                && tokens.peek().is(")")
                && !catalog.interactionTypes().containsKey(name.text())
                && (catalog.relationships().containsKey(name.text())
                        || name.text().equalsIgnoreCase(types.getLast() + "_contact"));
    }

    private Token name(String wanted) {
        if (tokens.peek().kind() != Token.Kind.NAME) {
            throw tokens.unexpected(wanted);
        }
        return tokens.next();
    }

    private ExpressionParser expressions(Scope scope) {
        return new ExpressionParser(tokens, complaints, catalog, scope);
    }

    private Condition filter(ExpressionParser expressions) {
        Supplier<Condition> condition = expressions::condition;
        return tokens.parenthesized("behind FILTER", condition, new Condition.IsNull(new Value.Truth(true)));
    }
}
