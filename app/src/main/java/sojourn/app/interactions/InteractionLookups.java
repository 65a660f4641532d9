package sojourn.app.interactions;

import static java.util.stream.Collectors.toSet;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.RecordNames;

/**
 * The records that interactions name: what a new one looks up must be there, and is stored by the name that the record has; the
 * names of those that are stored follow when it is called otherwise. A record that is deleted stays named, since an interaction
 * says what happened; a person who is erased does not.
 */
final class InteractionLookups implements RecordNames.Keeper {

    private final Changes changes;

    InteractionLookups(Changes changes) {
        this.changes = changes;
    }

    /** The names of records by type, and there by what candidates call them. */
    static Map<String, Map<String, String>> find(Handle handle, Collection<Candidate> candidates) {
        var wanted = new TreeMap<String, Set<String>>();
        for (var candidate : candidates) {
            candidate
                    .properties()
                    .lookups()
                    .forEach((property, name) -> wanted.computeIfAbsent(
                                    candidate.lookedUp(property), _ -> new TreeSet<>())
                            .add(name));
        }
        var found = new HashMap<String, Map<String, String>>();
        wanted.forEach((type, names) -> found.put(type, RecordNames.held(handle, type, names)));
        return found;
    }

    @Override
    public void renamed(Handle handle, String type, String old, @Nullable String name, Instant now) {
        var typesByProperty = new TreeMap<String, Map<Short, String>>();
        for (var user : InteractionTypes.all(handle).values()) {
            user.properties().forEach((property, declaration) -> {
                if (type.equals(declaration.lookup())) {
                    typesByProperty
                            .computeIfAbsent(property, _ -> new HashMap<>())
                            .put(user.id(), user.key());
                }
            });
        }
        typesByProperty.forEach((property, types) -> {
            var contacts = new HashSet<Long>();
            var causes = new HashSet<String>();
            for (var row : rename(handle, "interaction", "contact_id", property, types.keySet(), old, name)) {
                contacts.add(row.contact());
                causes.add(types.getOrDefault(row.type(), property));
            }
            rename(handle, "anonymous_interaction", "0", property, types.keySet(), old, name);
            changes.record(handle, contacts, causes, now);
        });
    }

    private record Row(long contact, short type) {}

    private static List<Row> rename(
            Handle handle,
            String table,
            String contact,
            String property,
            Set<Short> types,
            String old,
            @Nullable String name) {
        return handle
                .createQuery("""
                        update %1$s set
                          properties = case when :name::text is null then nullif(properties - :property, '{}')
                                            else jsonb_set(properties, array[:property], to_jsonb(:name::text)) end,
                          lookups = case when :name::text is null then nullif(lookups - :property, '{}')
                                         else jsonb_set(lookups, array[:property], to_jsonb(:name::text)) end
                        where lookups @> jsonb_build_object(:property::text, :old::text) and type_id = any(:types)
                        returning %2$s, type_id
                        """.formatted(table, contact))
                .bind("property", property)
                .bind("old", old)
                .bind("name", name)
                .bind("types", types.toArray(Short[]::new))
                .map((row, _) -> new Row(row.getLong(1), row.getShort(2)))
                .collect(toSet())
                .stream()
                .toList();
    }
}
