package sojourn.app.segments.language;

import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says why a query has a contact or has not: what {@link QueryMatcher} answers, with all that it looks at on the way. */
public final class Explainer {

    private final ContactState contact;
    private final Instant now;
    private final ZoneId zone;
    private final Map<String, Instant> segmentsSince;
    private final Set<String> hidden;
    private final Map<Query.Interactions, BlockExplainer> blocks = new HashMap<>();

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
     * @param hidden attributes, of the contact or of what it leads to, whose values are not shown
     */
    public static Explanation explain(
            Query query,
            ContactState contact,
            Instant now,
            ZoneId zone,
            Map<String, Instant> segmentsSince,
            Set<String> hidden) {
        var explainer = new Explainer(contact, now.truncatedTo(ChronoUnit.MICROS), zone, segmentsSince, hidden);
        return explainer.explain(query).until(explainer.flip(query));
    }

    private Explanation explain(Query query) {
        return switch (query) {
            case Query.Profile profile -> {
                var chain = Chain.of(profile);
                var parts = Stream.concat(
                                chain.contact().filters().stream().map(this::explain),
                                related(chain.related()).stream())
                        .toList();
                yield block("profile", query, all(parts), null, parts);
            }
            case Query.Interactions interactions -> block(interactions).explain();
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
                var kept = explain(from);
                var taken = explained(without);
                var parts = Stream.concat(Stream.of(kept), taken.stream()).toList();
                yield Explanation.joining("except", kept.holds() && !any(taken), parts);
            }
        };
    }

    private List<Explanation> explained(List<Query> queries) {
        return queries.stream().map(this::explain).toList();
    }

    private static boolean all(Collection<Explanation> parts) {
        return parts.stream().allMatch(Explanation::holds);
    }

    private static boolean any(Collection<Explanation> parts) {
        return parts.stream().anyMatch(Explanation::holds);
    }

    private static Explanation block(
            String is, Query query, boolean holds, @Nullable Instant since, List<Explanation> parts) {
        return new Explanation(is, Printer.print(query), holds, since, null, Map.of(), null, null, null, parts);
    }

    private BlockExplainer block(Query.Interactions block) {
        return blocks.computeIfAbsent(block, asked -> new BlockExplainer(asked, contact, now, zone, hidden));
    }

    private List<Explanation> related(List<Chain.Place> places) {
        return places.isEmpty() ? List.of() : List.of(related(places, List.of(contact.related())));
    }

    /** What the nearest place asks of the records there, and within it the places beyond. */
    private Explanation related(List<Chain.Place> places, List<Map<Hop, List<RelatedRecord>>> related) {
        var place = places.getFirst();
        var rest = places.subList(1, places.size());
        var seen = related.stream()
                .flatMap(hops -> hops.getOrDefault(place.reached(), List.of()).stream())
                .distinct()
                .toList();
        var matcher = new QueryMatcher(now, zone);
        var left =
                seen.stream().filter(record -> matcher.matches(places, record)).toList();
        var shown = left.isEmpty() ? seen : left;
        var parts = Stream.concat(
                        shown.stream()
                                .limit(1)
                                .flatMap(record -> place.filters().stream()
                                        .map(filter -> explain(filter, place.scope(), record.attributes()))),
                        rest.isEmpty()
                                ? Stream.of()
                                : Stream.of(related(
                                        rest,
                                        shown.stream()
                                                .map(RelatedRecord::related)
                                                .toList())))
                .toList();
        return new Explanation(
                "related",
                place.type(),
                !left.isEmpty(),
                null,
                null,
                Map.of(),
                null,
                new Explanation.Looked(seen.size(), left.size()),
                null,
                parts);
    }

    private Explanation explain(Condition condition) {
        return explain(condition, Scope.Kind.CONTACT, contact.attributes());
    }

    private Explanation explain(Condition condition, Scope.Kind scope, Map<String, Object> attributes) {
        var parts = ConditionView.parts(condition)
                .map(part -> explain(part, scope, attributes))
                .toList();
        var holds = ConditionMatcher.matches(condition, scope, attributes, now, zone);
        if (!parts.isEmpty()) {
            return Explanation.joining(ConditionView.name(condition), holds, parts);
        }
        var since = condition instanceof Condition.Member(var segment) ? segmentsSince.get(segment) : null;
        var flips = scope == Scope.Kind.CONTACT && TreeWalk.readsClock(condition) && !TreeWalk.readsTime(condition)
                ? Flips.of(
                        List.of(Flips.midnights(now, zone)),
                        at -> ConditionMatcher.matches(condition, scope, attributes, at, zone))
                : Flips.UNKNOWN;
        var values = ConditionView.values(TreeWalk.values(condition), Evaluator.onRecord(scope, attributes, now, zone));
        values.keySet().removeAll(hidden);
        return new Explanation(
                ConditionView.name(condition),
                Printer.print(condition),
                holds,
                since == null ? flips.since(now) : since,
                flips.until(now),
                values,
                null,
                null,
                null,
                List.of());
    }

    /** When the clock alone changes the answer to the whole query; null when never, and when that is not known. */
    private @Nullable Instant flip(Query query) {
        var needs = Needs.of(query);
        if (needs.readsTime()) {
            return null;
        }
        var days = needs.profileReadsClock() ? Stream.of(Flips.midnights(now, zone)) : Stream.<Flips>empty();
        var flips = Stream.concat(interactions(query).map(block -> block(block).flips()), days)
                .toList();
        return Flips.of(flips, at -> QueryMatcher.matches(query, contact, at, zone))
                .until(now);
    }

    private static Stream<Query.Interactions> interactions(Query query) {
        return query instanceof Query.Interactions block
                ? Stream.of(block)
                : TreeWalk.children(query)
                        .filter(Query.class::isInstance)
                        .flatMap(child -> interactions((Query) child));
    }
}
