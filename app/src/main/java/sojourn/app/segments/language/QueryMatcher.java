package sojourn.app.segments.language;

import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sojourn.app.segments.language.ContactState.Occurrence;

/**
 * The meaning of a query for one contact, in Java; {@link QueryToSql} is its other meaning. What depends on the moment
 * and not on the contact, above all where windows begin and end, is found out once, for all contacts that are asked about.
 */
public final class QueryMatcher {

    private final Instant now;
    private final ZoneId zone;

    QueryMatcher(Instant now, ZoneId zone) {
        this.now = now.truncatedTo(ChronoUnit.MICROS);
        this.zone = zone;
    }

    /** Whether the query has a contact at that moment, for many contacts. */
    public static Predicate<ContactState> of(Query query, Instant now, ZoneId zone) {
        return new QueryMatcher(now, zone).of(query);
    }

    public static boolean matches(Query query, ContactState contact, Instant now, ZoneId zone) {
        return of(query, now, zone).test(contact);
    }

    private Predicate<ContactState> of(Query query) {
        return switch (query) {
            case Query.Profile profile -> {
                var places = Chain.of(profile).places();
                yield contact -> matches(places, contact.attributes(), contact.related());
            }
            case Query.Interactions interactions -> of(interactions);
            case Query.Members(var segment) -> contact -> contact.segments().contains(segment);
            case Query.Union(var of) -> any(of);
            case Query.Intersect(var of) -> {
                var all = each(of);
                yield contact -> all.stream().allMatch(one -> one.test(contact));
            }
            case Query.Except(var from, var without) ->
                of(from).and(any(without).negate());
        };
    }

    private List<Predicate<ContactState>> each(List<Query> queries) {
        return queries.stream().map(this::of).toList();
    }

    private Predicate<ContactState> any(List<Query> queries) {
        var any = each(queries);
        return contact -> any.stream().anyMatch(one -> one.test(contact));
    }

    /** Whether a related record fits the first of these places, and something related to it the rest. */
    boolean matches(List<Chain.Place> places, RelatedRecord record) {
        return matches(places, record.attributes(), record.related());
    }

    /** Whether a record fits the first of these places, and something related to it the rest. */
    private boolean matches(
            List<Chain.Place> places, Map<String, Object> attributes, Map<Hop, List<RelatedRecord>> related) {
        var place = places.getFirst();
        var rest = places.subList(1, places.size());
        return place.filters().stream()
                        .allMatch(filter -> ConditionMatcher.matches(filter, place.scope(), attributes, now, zone))
                && (rest.isEmpty()
                        || related.getOrDefault(rest.getFirst().reached(), List.of()).stream()
                                .anyMatch(record -> matches(rest, record.attributes(), record.related())));
    }

    private Predicate<ContactState> of(Query.Interactions block) {
        if (block.havings().isEmpty()) {
            var range = range(null);
            return contact -> !within(block, range, contact).isEmpty();
        }
        var havings = block.havings().stream().map(having -> of(block, having)).toList();
        return contact -> havings.stream().allMatch(having -> having.test(contact));
    }

    private Predicate<ContactState> of(Query.Interactions block, Having having) {
        var range = range(having.window());
        return contact -> Evaluator.overInteractions(within(block, range, contact), now, zone)
                .compare(having.left(), having.operator(), having.right());
    }

    private Window.Range range(@Nullable Window window) {
        return Window.range(window, now, zone);
    }

    private Collection<Occurrence> within(Query.Interactions block, Window.Range range, ContactState contact) {
        var types = block.types().isEmpty() ? contact.interactions().keySet() : block.types();
        if (types.size() == 1 && block.filters().isEmpty()) {
            return within(range, contact, types.iterator().next());
        }
        // Most of what is asked for a contact passes here, occurrence by occurrence: streams would double the work.
        var found = new ArrayList<Occurrence>();
        for (var type : types) {
            for (var occurrence : within(range, contact, type)) {
                if (fits(block.filters(), occurrence)) {
                    found.add(occurrence);
                }
            }
        }
        return found;
    }

    private boolean fits(List<Condition> filters, Occurrence occurrence) {
        for (var filter : filters) {
            if (!ConditionMatcher.matches(filter, occurrence, now, zone)) {
                return false;
            }
        }
        return true;
    }

    private static List<Occurrence> within(Window.Range range, ContactState contact, String type) {
        var all = contact.interactions().getOrDefault(type, List.of());
        var from = range.after() == null ? 0 : firstAfter(all, range.after());
        return all.subList(from, Math.max(from, firstAfter(all, range.until())));
    }

    /** By bisection: of those who have thousands of interactions, only those of the window are looked at. */
    private static int firstAfter(List<Occurrence> sorted, Instant moment) {
        var low = 0;
        var high = sorted.size();
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (sorted.get(middle).occurredAt().isAfter(moment)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
