package sojourn.app.contacts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Records.Found;
import sojourn.app.platform.ProblemError;

/**
 * The lookup attributes that one transaction writes to records of one type: what they name must be there, and whatever
 * relationships go over them get their links. Asks the database nothing where no lookup attribute is concerned.
 */
final class LookupWriter {

    /** A record whose lookup attribute has another value than before; null for none. */
    private record Change(long id, boolean isNew, @Nullable String value) {}

    private final Handle handle;
    private final Shape shape;
    private final Map<String, Map<String, Found>> foundByType = new HashMap<>();
    private final Map<String, List<Change>> changesByAttribute = new TreeMap<>();
    private final Set<String> arriving = new HashSet<>();
    private final List<String> attributes;

    LookupWriter(Handle handle, Shape shape) {
        this.handle = handle;
        this.shape = shape;
        attributes =
                shape.attributes().keySet().stream().filter(shape::isLookup).toList();
    }

    boolean areIn(Fields fields) {
        return attributes.stream().anyMatch(fields.values()::containsKey);
    }

    /** Finds what new values name, with one query for each type looked up; before {@link #check}. */
    void find(Collection<FieldChanges> all) {
        var names = new TreeMap<String, Set<String>>();
        for (var changes : all) {
            changes.values().forEach((attribute, value) -> {
                if (value instanceof String name && shape.isLookup(attribute)) {
                    names.computeIfAbsent(target(attribute), _ -> new TreeSet<>())
                            .add(name);
                }
            });
        }
        names.forEach(this::find);
    }

    /** Says which records of this type come with this transaction, and so may be named before they are there. */
    void expect(Collection<String> externalIds) {
        arriving.clear();
        arriving.addAll(externalIds);
    }

    /** The changes with every lookup as it is stored; what names nothing is an error. */
    FieldChanges check(FieldChanges changes, List<ProblemError> errors) {
        if (attributes.stream().noneMatch(changes.values()::containsKey)) {
            return changes;
        }
        var checked = new HashMap<String, @Nullable Object>(changes.values());
        changes.values().forEach((attribute, value) -> {
            if (value instanceof String name && shape.isLookup(attribute)) {
                var found = found(target(attribute)).get(name);
                if (found != null) {
                    checked.put(attribute, found.name());
                } else if (!target(attribute).equals(shape.type()) || !arriving.contains(name)) {
                    errors.add(ProblemError.at(
                            "/attributes/" + attribute,
                            "unknown-record",
                            "there is no " + target(attribute) + " of this external id or id"));
                }
            }
        });
        return new FieldChanges(checked, changes.clearsAttributes());
    }

    /** Takes note of a record as it was, empty for a new one, and as it is now. */
    void written(long id, @Nullable Fields before, Fields now) {
        for (var attribute : attributes) {
            var old = before == null ? null : before.values().get(attribute);
            var value = now.values().get(attribute);
            if (!Objects.equals(old, value)) {
                changesByAttribute
                        .computeIfAbsent(attribute, _ -> new ArrayList<>())
                        .add(new Change(id, before == null, value instanceof String name ? name : null));
            }
        }
    }

    /** Brings the links in step with what was written. */
    void link(Touched touched, Instant now) {
        if (changesByAttribute.isEmpty()) {
            return;
        }
        DeclarationLock.share(handle);
        var relationships = new LinkedHashMap<Short, Relationship>();
        for (var relationship : Relationships.all(handle).values()) {
            var attribute = relationship.attribute();
            if (attribute != null
                    && relationship.from().equals(shape.type())
                    && changesByAttribute.containsKey(attribute)) {
                relationships.put(relationship.id(), relationship);
            }
        }
        var rows = new LinkRows(handle);
        var added = new ArrayList<Link>();
        for (var relationship : relationships.values()) {
            var changes = changesByAttribute.getOrDefault(String.valueOf(relationship.attribute()), List.of());
            var changed = changes.stream()
                    .filter(change -> !change.isNew())
                    .map(Change::id)
                    .toList();
            touched.links(rows.removeFrom(List.of(relationship.id()), changed), relationships);
            added.addAll(links(relationship, changes));
        }
        touched.links(rows.add(added, now), relationships);
    }

    private List<Link> links(Relationship relationship, List<Change> changes) {
        var found = found(relationship.to());
        var unknown = new TreeSet<String>();
        for (var change : changes) {
            if (change.value() != null && !found.containsKey(change.value())) {
                unknown.add(change.value());
            }
        }
        if (!unknown.isEmpty()) {
            // They came with the record that names them.
            find(relationship.to(), unknown);
        }
        var links = new ArrayList<Link>();
        for (var change : changes) {
            var to = change.value() == null ? null : found.get(change.value());
            if (to != null) {
                links.add(new Link(relationship.id(), change.id(), to.id()));
            }
        }
        return links;
    }

    private void find(String type, Set<String> names) {
        var found = found(type);
        Records.named(handle, type, names).forEach((name, record) -> {
            found.put(name, record);
            found.put(record.name(), record);
        });
    }

    private Map<String, Found> found(String type) {
        return foundByType.computeIfAbsent(type, _ -> new HashMap<>());
    }

    private String target(String attribute) {
        var declaration = shape.attributes().get(attribute);
        var type = declaration == null ? null : declaration.lookup();
        return type == null ? ProfileTypes.CONTACT : type;
    }
}
