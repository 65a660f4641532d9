package sojourn.app.segments.language;

import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import sojourn.app.segments.language.ContactState.Occurrence;

/** The meaning of a query for one contact, in Java; {@link QueryToSql} is its other meaning. */
public final class QueryMatcher {

    private final ContactState contact;
    private final Instant now;
    private final ZoneId zone;

    QueryMatcher(ContactState contact, Instant now, ZoneId zone) {
        this.contact = contact;
        this.now = now;
        this.zone = zone;
    }

    public static boolean matches(Query query, ContactState contact, Instant now, ZoneId zone) {
        return new QueryMatcher(contact, now.truncatedTo(ChronoUnit.MICROS), zone).matches(query);
    }

    private boolean matches(Query query) {
        return switch (query) {
            case Query.Profile profile -> matches(Chain.of(profile).places(), contact.attributes(), contact.related());
            case Query.Interactions interactions -> matches(interactions);
            case Query.Members(var segment) -> contact.segments().contains(segment);
            case Query.Union(var of) -> of.stream().anyMatch(this::matches);
            case Query.Intersect(var of) -> of.stream().allMatch(this::matches);
            case Query.Except(var from, var without) ->
                matches(from) && without.stream().noneMatch(this::matches);
        };
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

    private boolean matches(Query.Interactions block) {
        if (block.havings().isEmpty()) {
            return within(block, Window.range(null, now, zone)).findAny().isPresent();
        }
        return block.havings().stream().allMatch(having -> matches(block, having));
    }

    private boolean matches(Query.Interactions block, Having having) {
        var occurrences =
                within(block, Window.range(having.window(), now, zone)).toList();
        return Evaluator.overInteractions(occurrences, now, zone)
                .compare(having.left(), having.operator(), having.right());
    }

    private Stream<Occurrence> within(Query.Interactions block, Window.Range range) {
        var ofTypes = block.types().isEmpty()
                ? contact.interactions().values().stream().flatMap(List::stream)
                : block.types().stream().flatMap(type -> contact.interactions().getOrDefault(type, List.of()).stream());
        return ofTypes.filter(occurrence -> range.contains(occurrence.occurredAt()))
                .filter(occurrence -> block.filters().stream()
                        .allMatch(filter -> ConditionMatcher.matches(filter, occurrence, now, zone)));
    }
}
