package sojourn.app.segments.language;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.ProfileTypes;
import sojourn.app.contacts.ValueType;

/**
 * What a query may name.
 *
 * @param profileTypes the attributes, built in and declared, of each type of profile, {@code contact} among them
 * @param relationships by key
 * @param interactionTypes the properties of each
 */
public record Catalog(
        Map<String, Map<String, Declaration>> profileTypes,
        Map<String, Relation> relationships,
        Map<String, Map<String, Declaration>> interactionTypes,
        Set<String> segmentKeys) {

    /** Every interaction has it, beside its properties. */
    static final String OCCURRED_AT = "occurredAt";

    private static final Declaration INSTANT = Declaration.of(ValueType.TIMESTAMP);

    public Catalog {
        profileTypes = Map.copyOf(profileTypes);
        relationships = Map.copyOf(relationships);
        interactionTypes = Map.copyOf(interactionTypes);
        segmentKeys = Set.copyOf(segmentKeys);
    }

    /** Without any related records. */
    public static Catalog ofContacts(
            Map<String, Declaration> attributes,
            Map<String, Map<String, Declaration>> interactionTypes,
            Set<String> segmentKeys) {
        return new Catalog(Map.of(ProfileTypes.CONTACT, attributes), Map.of(), interactionTypes, segmentKeys);
    }

    public Map<String, Declaration> contactAttributes() {
        return profileTypes.getOrDefault(ProfileTypes.CONTACT, Map.of());
    }

    /** The same, with segments that are about to be. */
    public Catalog withSegments(Set<String> more) {
        var all = new HashSet<>(segmentKeys);
        all.addAll(more);
        return new Catalog(profileTypes, relationships, interactionTypes, all);
    }

    /** What interactions of several types have in common, declared alike; of all types when none is named. */
    Map<String, Declaration> common(List<String> types) {
        var named = types.isEmpty() ? List.copyOf(interactionTypes.keySet()) : types;
        var common = new LinkedHashMap<String, Declaration>();
        for (int i = 0; i < named.size(); i++) {
            var properties = interactionTypes.getOrDefault(named.get(i), Map.of());
            if (i == 0) {
                common.putAll(properties);
            } else {
                common.entrySet().removeIf(entry -> !entry.getValue().equals(properties.get(entry.getKey())));
            }
        }
        common.put(OCCURRED_AT, INSTANT);
        return common;
    }

    /** Those of these properties of interactions that can be followed. */
    List<Follow> follows(Map<String, Declaration> properties) {
        var follows = new ArrayList<Follow>();
        properties.forEach((name, declaration) -> {
            var lookup = declaration.lookup();
            if (NamedRecord.by(name).isPresent() && declaration.type() == ValueType.TEXT) {
                follows.add(new Follow(name, name));
            } else if (lookup != null && !lookup.equals(ProfileTypes.CONTACT) && profileTypes.containsKey(lookup)) {
                follows.add(new Follow(name, lookup));
            }
        });
        return follows;
    }

    /** What can be asked of a record that is followed to. */
    public Map<String, Declaration> attributes(Follow follow) {
        return follow.named()
                .map(NamedRecord::attributes)
                .orElseGet(() -> profileTypes.getOrDefault(follow.of(), Map.of()));
    }
}
