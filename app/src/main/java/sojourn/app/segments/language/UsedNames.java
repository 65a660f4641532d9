package sojourn.app.segments.language;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sojourn.app.contacts.ProfileTypes;

/**
 * What a query, or a condition, names of what is declared about records.
 *
 * @param attributes by each profile type that its paths touch or that interactions are followed to, contact included
 * @param relationships the keys of those that its paths go over
 * @param properties of interactions, where it is a condition on one
 */
public record UsedNames(Map<String, Set<String>> attributes, Set<String> relationships, Set<String> properties) {

    public UsedNames {
        attributes = Map.copyOf(attributes);
        relationships = Set.copyOf(relationships);
        properties = Set.copyOf(properties);
    }

    public static UsedNames of(Query query) {
        var attributes = new HashMap<String, Set<String>>();
        var relationships = new HashSet<String>();
        gather(query, attributes, relationships);
        return new UsedNames(attributes, relationships, Set.of());
    }

    /** Of a condition on a contact. */
    public static UsedNames ofContact(Condition condition) {
        return new UsedNames(Map.of(ProfileTypes.CONTACT, Needs.of(condition).attributes()), Set.of(), Set.of());
    }

    /** Of a condition on an interaction. */
    public static UsedNames ofInteraction(Condition condition) {
        var attributes = new HashMap<String, Set<String>>();
        followed(condition, attributes);
        return new UsedNames(attributes, Set.of(), properties(condition));
    }

    private static Set<String> properties(Condition condition) {
        return TreeWalk.values(condition)
                .flatMap(value -> value instanceof Value.Field field
                        ? Stream.of(field.follow().map(Follow::property).orElse(field.name()))
                        : Stream.empty())
                .collect(Collectors.toSet());
    }

    /** Whether an attribute of a type is among them. */
    public boolean has(String type, String attribute) {
        return attributes.getOrDefault(type, Set.of()).contains(attribute);
    }

    private static void gather(Query query, Map<String, Set<String>> attributes, Set<String> relationships) {
        switch (query) {
            case Query.Profile profile -> {
                var chain = Chain.of(profile);
                chain.places()
                        .forEach(
                                place -> fields(place, attributes.computeIfAbsent(place.type(), _ -> new HashSet<>())));
                chain.hops().forEach(hop -> relationships.add(hop.relationship()));
            }
            case Query.Interactions _ -> followed(query, attributes);
            case Query.Members _ -> {}
            case Query.Union _, Query.Intersect _, Query.Except _ ->
                TreeWalk.children(query).forEach(part -> gather((Query) part, attributes, relationships));
        }
    }

    private static void followed(Object node, Map<String, Set<String>> attributes) {
        TreeWalk.values(node).forEach(value -> {
            if (value instanceof Value.Field field) {
                field.follow()
                        .filter(follow -> follow.named().isEmpty())
                        .ifPresent(follow -> attributes
                                .computeIfAbsent(follow.of(), _ -> new HashSet<>())
                                .add(field.bare().name()));
            }
        });
    }

    private static void fields(Chain.Place place, Set<String> names) {
        place.filters().stream().flatMap(TreeWalk::values).forEach(value -> {
            if (value instanceof Value.Field(var name, var _, var _)) {
                names.add(name);
            }
        });
    }
}
