package sojourn.app.segments.language;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a query can see of one contact. Values are as {@link StoredValues} reads them; what is null is absent.
 *
 * @param interactions by type, of each the oldest first; those of types that no query asks for may be left out
 * @param segments the keys of the segments of which the contact is a member
 * @param related the records one hop away, and beyond them what is related to those, along the paths that queries follow
 */
public record ContactState(
        Map<String, Object> attributes,
        Map<String, List<Occurrence>> interactions,
        Set<String> segments,
        Map<Hop, List<RelatedRecord>> related) {

    /** The same contact, after it joined a segment or left it. */
    public ContactState with(String segment, boolean member) {
        var other = new HashSet<>(segments);
        if (member) {
            other.add(segment);
        } else {
            other.remove(segment);
        }
        return new ContactState(attributes, interactions, other, related);
    }

    /** The same contact, with values that queries may ask for beside its own. */
    public ContactState with(Map<String, Object> more) {
        if (more.isEmpty()) {
            return this;
        }
        var all = new HashMap<>(attributes);
        all.putAll(more);
        return new ContactState(all, interactions, segments, related);
    }

    /** One interaction: when, and with which properties. */
    public record Occurrence(Instant occurredAt, Map<String, Object> properties) {

        @Nullable
        Object get(String property) {
            return property.equals(Catalog.OCCURRED_AT) ? occurredAt : properties.get(property);
        }
    }
}
