package sojourn.app.segments.language;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sojourn.app.segments.language.ContactState.Occurrence;
import sojourn.app.segments.language.Explanation.Looked;
import sojourn.app.segments.language.Explanation.Looking;

/** Says what one block makes of a contact's interactions, and when that changes. */
final class BlockExplainer {

    /** What a block asks that has no HAVING: that there is one. */
    private static final Having ANY_AT_ALL = new Having(
            new Value.Aggregate(Value.Function.COUNT, null), Comparison.GT, new Value.Numeral(BigDecimal.ZERO), null);

    private final Query.Interactions block;
    private final Instant now;
    private final ZoneId zone;
    private final Set<String> hidden;

    /** Those of the block's types that have occurred, the oldest first. */
    private final List<Occurrence> seen;

    /** Those that pass its filters, those to come included: whatever occurs counts from its instant on. */
    private final List<Occurrence> passed;

    private final int left;
    private final List<Having> asked;
    private final List<Flips> flips;

    BlockExplainer(Query.Interactions block, ContactState contact, Instant now, ZoneId zone, Set<String> hidden) {
        this.block = block;
        this.now = now;
        this.zone = zone;
        this.hidden = hidden;
        var ofTypes = ofTypes(contact)
                .sorted(Comparator.comparing(Occurrence::occurredAt))
                .toList();
        seen = ofTypes.stream()
                .filter(occurrence -> !occurrence.occurredAt().isAfter(now))
                .toList();
        passed = ofTypes.stream().filter(this::passes).toList();
        left = Flips.within(ANY_AT_ALL, passed, now, zone).size();
        asked = block.havings().isEmpty() ? List.of(ANY_AT_ALL) : block.havings();
        var filtersReadClock = block.filters().stream().anyMatch(TreeWalk::readsClock);
        flips = asked.stream()
                .map(having -> filtersReadClock ? Flips.UNKNOWN : Flips.of(having, passed, zone))
                .toList();
    }

    private Stream<Occurrence> ofTypes(ContactState contact) {
        return block.types().isEmpty()
                ? contact.interactions().values().stream().flatMap(List::stream)
                : block.types().stream().flatMap(type -> contact.interactions().getOrDefault(type, List.of()).stream());
    }

    private boolean passes(Occurrence occurrence) {
        return block.filters().stream().allMatch(filter -> ConditionMatcher.matches(filter, occurrence, now, zone));
    }

    Flips flips() {
        return Flips.of(flips, at -> asked.stream().allMatch(having -> Flips.holds(having, passed, at, zone)));
    }

    Explanation explain() {
        var filters = block.filters().stream().map(this::filter);
        var havings = IntStream.range(0, block.havings().size())
                .mapToObj(index -> having(block.havings().get(index), flips.get(index)));
        var all = flips();
        return new Explanation(
                "interactions",
                Printer.print(block),
                asked.stream().allMatch(having -> Flips.holds(having, passed, now, zone)),
                all.since(now),
                all.until(now),
                Map.of(),
                new Looked(seen.size(), left),
                null,
                null,
                Stream.concat(filters, havings).toList());
    }

    private Explanation having(Having having, Flips flips) {
        var within = Flips.within(having, passed, now, zone);
        var evaluator = Evaluator.overInteractions(within, now, zone);
        var values = Stream.of(having.left(), having.right()).flatMap(BlockExplainer::ofAll);
        var range = Window.range(having.window(), now, zone);
        return new Explanation(
                "having",
                Printer.having(having).substring(1),
                evaluator.compare(having.left(), having.operator(), having.right()),
                flips.since(now),
                flips.until(now),
                ConditionView.values(values, evaluator),
                new Looked(left, within.size()),
                null,
                new Looking(range.after(), range.until()),
                List.of());
    }

    /** A property has a value for each interaction, none for all of them. */
    private static Stream<Value> ofAll(Value value) {
        return TreeWalk.values(value).filter(part -> !(part instanceof Value.Field));
    }

    private Explanation filter(Condition condition) {
        var passing = (int) seen.stream()
                .filter(occurrence -> ConditionMatcher.matches(condition, occurrence, now, zone))
                .count();
        var parts = ConditionView.parts(condition).map(this::filter).toList();
        var alone = parts.isEmpty();
        var values = alone && !seen.isEmpty()
                ? ConditionView.values(TreeWalk.values(condition), Evaluator.onInteraction(seen.getLast(), now, zone))
                : new HashMap<String, @Nullable Object>();
        values.keySet().removeIf(name -> hidden.contains(name.substring(name.lastIndexOf('.') + 1)));
        return new Explanation(
                ConditionView.name(condition),
                alone ? Printer.print(condition) : null,
                passing > 0,
                null,
                null,
                values,
                new Looked(seen.size(), passing),
                null,
                null,
                parts);
    }
}
