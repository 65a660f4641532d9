package sojourn.app.segments.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.ProfileTypes;

/** Reads {@code PROFILE(type)} and the chain behind it, keeping account of which type each FILTER is about. */
final class ProfileParser {

    /** Each hop is a join, in SQL and for every record that changes. */
    static final int LONGEST_PATH = 10;

    private final Tokens tokens;
    private final Complaints complaints;
    private final Catalog catalog;
    private final List<Query.Step> steps = new ArrayList<>();

    /** What may stand before the names of the type at hand, as in {@code PROFILE(contact, c).FILTER(c.email ...)}. */
    private @Nullable String alias;

    /** The type of the records at hand; null when it could not be read. */
    private @Nullable String type;

    ProfileParser(Tokens tokens, Complaints complaints, Catalog catalog) {
        this.tokens = tokens;
        this.complaints = complaints;
        this.catalog = catalog;
    }

    Query profile() {
        var at = tokens.peek(1);
        var start = tokens.parenthesized("behind PROFILE", this::profileType, ProfileTypes.CONTACT);
        type = catalog.profileTypes().containsKey(start) ? start : null;
        while (true) {
            if (tokens.takeLink("FILTER")) {
                steps.add(filter());
            } else if (tokens.takeLink("TRAVERSE")) {
                at = tokens.peek(1);
                traverse();
            } else {
                refuseHaving();
                checkEnd(at);
                return new Query.Profile(start, steps);
            }
        }
    }

    private String profileType() {
        var name = tokens.peek();
        if (name.kind() != Token.Kind.NAME) {
            throw tokens.unexpected("a profile type");
        }
        tokens.next();
        var known = catalog.profileTypes().keySet();
        if (!known.contains(name.text())) {
            complaints.add(
                    name,
                    "unknown-profile-type",
                    "Unknown profile type " + name.shown() + Names.suggest(name.text(), known));
        }
        if (tokens.take(",")) {
            alias = tokens.next().text();
        }
        return name.text();
    }

    private Query.Step.Filter filter() {
        var expressions = new ExpressionParser(
                tokens, complaints, catalog, Scope.profile(catalog, type).called(alias));
        Supplier<Condition> condition = expressions::condition;
        return new Query.Step.Filter(
                tokens.parenthesized("behind FILTER", condition, new Condition.IsNull(new Value.Truth(true))));
    }

    /** {@code (relationship[, REVERSE][, alias][, FILTER(condition)])}: a filter within is the same as one behind. */
    private void traverse() {
        tokens.parenthesized(
                "behind TRAVERSE",
                () -> {
                    var name = tokens.peek();
                    if (name.kind() != Token.Kind.NAME && name.kind() != Token.Kind.TEXT) {
                        throw tokens.unexpected("the key of a relationship");
                    }
                    tokens.next();
                    alias = null;
                    follow(name, takeReverse());
                    while (tokens.take(",")) {
                        if (tokens.peek(1).is(",") || tokens.peek(1).is(")")) {
                            alias = tokens.next().text();
                            continue;
                        }
                        if (!tokens.takeWord("FILTER")) {
                            throw tokens.unexpected("FILTER(...)");
                        }
                        steps.add(filter());
                    }
                    return true;
                },
                false);
    }

    private @Nullable Token takeReverse() {
        if (tokens.peek().is(",") && tokens.peek(1).isWord("REVERSE")) {
            tokens.next();
            return tokens.next();
        }
        return null;
    }

    private void follow(Token name, @Nullable Token reverse) {
        var relation = catalog.relationships().get(name.text());
        if (relation == null) {
            complaints.add(
                    name,
                    "unknown-relationship",
                    "Unknown relationship " + name.shown()
                            + Names.suggest(name.text(), catalog.relationships().keySet()) + leadingFrom(type));
            type = null;
            return;
        }
        if (reverse != null && !relation.isWithin()) {
            complaints.add(
                    reverse,
                    "unexpected",
                    "REVERSE is for a relationship of a type with itself; `" + name.text()
                            + "` can only be followed to "
                            + (relation.from().equals(type) ? relation.to() : relation.from()) + " here");
        }
        if (type == null) {
            return;
        }
        if (steps.stream().filter(Query.Step.Traverse.class::isInstance).count() == LONGEST_PATH) {
            complaints.add(
                    name, "too-long-path", "A path goes over at most " + LONGEST_PATH + " relationships; split it up");
            type = null;
            return;
        }
        var step = relation.follow(name.text(), type, reverse != null);
        if (step.isEmpty()) {
            complaints.add(
                    name,
                    "wrong-relationship",
                    "`" + name.text() + "` relates " + relation.from() + " and " + relation.to()
                            + ", but this path is at " + type + leadingFrom(type));
            type = null;
            return;
        }
        steps.add(step.get());
        type = step.get().to();
    }

    private void checkEnd(Token at) {
        if (type != null && !type.equals(ProfileTypes.CONTACT)) {
            complaints.add(
                    at,
                    "path-ends-elsewhere",
                    "This path ends at " + type + "; a block stands for contacts, so it must end at contact"
                            + leadingFrom(type));
        }
    }

    /** A sentence to append: which relationships would go on from a type, those to contacts before all others. */
    private String leadingFrom(@Nullable String from) {
        var leading = from == null
                ? Map.<String, Relation>of()
                : catalog.relationships().entrySet().stream()
                        .filter(entry -> entry.getValue().touches(from))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        var toContacts = leading.entrySet().stream()
                .filter(entry ->
                        !ProfileTypes.CONTACT.equals(from) && entry.getValue().touches(ProfileTypes.CONTACT))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        Set<String> named = toContacts.isEmpty() ? leading.keySet() : toContacts;
        return named.isEmpty()
                ? ""
                : "; from here leads "
                        + named.stream()
                                .sorted()
                                .limit(5)
                                .map(key -> "TRAVERSE(" + key + ")")
                                .collect(Collectors.joining(", "));
    }

    private void refuseHaving() {
        if (tokens.peek().is(".") && tokens.peek(1).isWord("HAVING")) {
            throw complaints.unreadable(
                    tokens.peek(1), "unexpected", "HAVING asks of interactions; it follows INTERACTION(...)");
        }
    }
}
