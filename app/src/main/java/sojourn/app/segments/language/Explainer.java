package sojourn.app.segments.language;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.toList;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sojourn.app.segments.language.ContactState.Occurrence;
import sojourn.app.segments.language.Explanation.Looked;
import sojourn.app.segments.language.Explanation.Looking;

/** Says why a query has a contact or has not: what {@link QueryMatcher} answers, with all that it looks at on the way. */
public final class Explainer {

    /** What a block asks that has no HAVING: that there is one. */
    private static final Having ANY_AT_ALL = new Having(
            new Value.Aggregate(Value.Function.COUNT, null), Comparison.GT, new Value.Numeral(BigDecimal.ZERO), null);

    private final ContactState contact;
    private final Instant now;
    private final ZoneId zone;
    private final Map<String, Instant> segmentsSince;
    private final Set<String> hidden;

    private Explainer(
            ContactState contact, Instant now, ZoneId zone, Map<String, Instant> segmentsSince, Set<String> hidden) {
        this.contact = contact;
        this.now = now;
        this.zone = zone;
        this.segmentsSince = segmentsSince;
        this.hidden = hidden;
    }

    /**
     * The query's answer for one contact.
     *
     * @param segmentsSince since when the contact has been in a segment, or out of it, where that is known
     * @param hidden attributes of the contact whose values are not shown
     */
    public static Explanation explain(
            Query query,
            ContactState contact,
            Instant now,
            ZoneId zone,
            Map<String, Instant> segmentsSince,
            Set<String> hidden) {
        var at = now.truncatedTo(ChronoUnit.MICROS);
        var explainer = new Explainer(contact, at, zone, segmentsSince, hidden);
        return explainer.explain(query).until(explainer.flip(query));
    }

    private Explanation explain(Query query) {
        return switch (query) {
            case Query.Profile(var _, var steps) -> {
                var parts = steps.stream().map(this::explain).toList();
                yield block("profile", query, all(parts), null, parts);
            }
            case Query.Interactions interactions -> interactions(interactions);
            case Query.Members(var segment) ->
                block("members", query, contact.segments().contains(segment), segmentsSince.get(segment), List.of());
            case Query.Union(var of) -> {
                var parts = explained(of);
                yield Explanation.joining("union", any(parts), parts);
            }
            case Query.Intersect(var of) -> {
                var parts = explained(of);
                yield Explanation.joining("intersect", all(parts), parts);
            }
            case Query.Except(var from, var without) -> {
                var left = explain(from);
                var right = explained(without);
                yield Explanation.joining("except", left.holds() && !any(right), joined(List.of(left), right));
            }
        };
    }

    private List<Explanation> explained(List<Query> queries) {
        return queries.stream().map(this::explain).toList();
    }

    private static Explanation block(
            String is, Query query, boolean holds, @Nullable Instant since, List<Explanation> parts) {
        return new Explanation(is, Printer.print(query), holds, since, null, Map.of(), null, null, parts);
    }

    private Explanation explain(Query.Step step) {
        return switch (step) {
            case Query.Step.Filter(var condition) -> onContact(condition);
        };
    }

    private Explanation onContact(Condition condition) {
        var parts = conditions(condition).map(this::onContact).toList();
        var holds = ConditionMatcher.matches(condition, contact, now, zone);
        if (!parts.isEmpty()) {
            return Explanation.joining(name(condition), holds, parts);
        }
        var since = condition instanceof Condition.Member(var segment) ? segmentsSince.get(segment) : null;
        var values = values(TreeWalk.values(condition), Evaluator.onContact(contact, now, zone));
        values.keySet().removeAll(hidden);
        return new Explanation(
                name(condition), Printer.print(condition), holds, since, null, values, null, null, List.of());
    }

    private Explanation interactions(Query.Interactions block) {
        var seen = ofTypes(block)
                .filter(occurrence -> !occurrence.occurredAt().isAfter(now))
                .sorted(Comparator.comparing(Occurrence::occurredAt))
                .toList();
        var passed = passed(block);
        var filters = block.filters().stream()
                .map(filter -> onInteractions(filter, seen))
                .toList();
        var havings = block.havings().stream()
                .map(having -> having(having, block, passed))
                .toList();
        var left = Flips.within(ANY_AT_ALL, passed, now, zone).size();
        var flips = flips(block);
        return new Explanation(
                "interactions",
                Printer.print(block),
                block.havings().isEmpty() ? left > 0 : all(havings),
                flips.since(now),
                flips.until(now),
                Map.of(),
                new Looked(seen.size(), left),
                null,
                joined(filters, havings));
    }

    private Explanation having(Having having, Query.Interactions block, List<Occurrence> passed) {
        var within = Flips.within(having, passed, now, zone);
        var evaluator = Evaluator.overInteractions(within, now, zone);
        var asked = Stream.of(having.left(), having.right()).flatMap(Explainer::askedOfAll);
        var range = Window.range(having.window(), now, zone);
        var flips = flips(block, having, passed);
        return new Explanation(
                "having",
                Printer.having(having).substring(1),
                evaluator.compare(having.left(), having.operator(), having.right()),
                flips.since(now),
                flips.until(now),
                values(asked, evaluator),
                new Looked(Flips.within(ANY_AT_ALL, passed, now, zone).size(), within.size()),
                new Looking(range.after(), range.until()),
                List.of());
    }

    /** A property has a value only for each interaction, not for all of them. */
    private static Stream<Value> askedOfAll(Value value) {
        return TreeWalk.values(value).filter(part -> !(part instanceof Value.Field));
    }

    private Explanation onInteractions(Condition condition, List<Occurrence> seen) {
        var passed = (int) seen.stream()
                .filter(occurrence -> ConditionMatcher.matches(condition, occurrence, now, zone))
                .count();
        var looked = new Looked(seen.size(), passed);
        var parts =
                conditions(condition).map(part -> onInteractions(part, seen)).toList();
        var alone = parts.isEmpty();
        var values = alone && !seen.isEmpty()
                ? values(TreeWalk.values(condition), Evaluator.onInteraction(seen.getLast(), now, zone))
                : Map.<String, @Nullable Object>of();
        return new Explanation(
                name(condition),
                alone ? Printer.print(condition) : null,
                passed > 0,
                null,
                null,
                values,
                looked,
                null,
                parts);
    }

    /** Those of the block's types, in the future ones too, that pass its filters. */
    private List<Occurrence> passed(Query.Interactions block) {
        return ofTypes(block)
                .filter(occurrence -> block.filters().stream()
                        .allMatch(filter -> ConditionMatcher.matches(filter, occurrence, now, zone)))
                .toList();
    }

    private Stream<Occurrence> ofTypes(Query.Interactions block) {
        return block.types().isEmpty()
                ? contact.interactions().values().stream().flatMap(List::stream)
                : block.types().stream().flatMap(type -> contact.interactions().getOrDefault(type, List.of()).stream());
    }

    /** When the clock alone changes the answer to the whole query; null when never, and when that is not known. */
    private @Nullable Instant flip(Query query) {
        if (Needs.of(query).profileReadsClock()) {
            return null;
        }
        var flips = new ArrayList<Flips>();
        blocks(query).forEach(block -> flips.add(flips(block)));
        return Flips.of(flips, at -> QueryMatcher.matches(query, contact, at, zone))
                .until(now);
    }

    private static Stream<Query.Interactions> blocks(Query query) {
        return query instanceof Query.Interactions block
                ? Stream.of(block)
                : TreeWalk.children(query).filter(Query.class::isInstance).flatMap(child -> blocks((Query) child));
    }

    private Flips flips(Query.Interactions block) {
        var passed = passed(block);
        if (block.havings().isEmpty()) {
            return flips(block, ANY_AT_ALL, passed);
        }
        return block.havings().stream()
                .map(having -> flips(block, having, passed))
                .collect(collectingAndThen(
                        toList(),
                        parts -> Flips.of(
                                parts,
                                at -> block.havings().stream()
                                        .allMatch(having -> Flips.holds(having, passed, at, zone)))));
    }

    private Flips flips(Query.Interactions block, Having having, List<Occurrence> passed) {
        var filtersReadClock =
                block.filters().stream().flatMap(TreeWalk::values).anyMatch(Flips::isClock);
        return filtersReadClock ? Flips.UNKNOWN : Flips.of(having, passed, zone);
    }

    private static Map<String, @Nullable Object> values(Stream<Value> asked, Evaluator evaluator) {
        var values = new LinkedHashMap<String, @Nullable Object>();
        asked.filter(value -> !isLiteral(value))
                .forEach(value -> values.put(Printer.print(value), evaluator.value(value)));
        return values;
    }

    /** Whether it says what it is, so that nobody needs to be told. */
    private static boolean isLiteral(Value value) {
        return switch (value) {
            case Value.Text _, Value.Numeral _, Value.Truth _, Value.Day _, Value.LocalTime _, Value.Moment _ -> true;
            case Value.Field _, Value.Now _, Value.Today _, Value.Arithmetic _, Value.Negative _, Value.Aggregate _ ->
                false;
        };
    }

    private static Stream<Condition> conditions(Condition condition) {
        return TreeWalk.children(condition).filter(Condition.class::isInstance).map(Condition.class::cast);
    }

    private static String name(Condition condition) {
        return switch (condition) {
            case Condition.All _ -> "all";
            case Condition.Any _ -> "any";
            case Condition.Not _ -> "not";
            case Condition.Compare _ -> "compare";
            case Condition.In _ -> "in";
            case Condition.HasText _ -> "hasText";
            case Condition.HasOptions _ -> "hasOptions";
            case Condition.IsNull _ -> "isNull";
            case Condition.IsTrue _ -> "isTrue";
            case Condition.IsFalse _ -> "isFalse";
            case Condition.Member _ -> "member";
        };
    }

    private static boolean all(Collection<Explanation> parts) {
        return parts.stream().allMatch(Explanation::holds);
    }

    private static boolean any(Collection<Explanation> parts) {
        return parts.stream().anyMatch(Explanation::holds);
    }

    private static List<Explanation> joined(List<Explanation> first, List<Explanation> then) {
        return Stream.concat(first.stream(), then.stream()).toList();
    }
}
