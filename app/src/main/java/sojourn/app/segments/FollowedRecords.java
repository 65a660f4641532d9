package sojourn.app.segments;

import static java.util.stream.Collectors.toSet;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.Declaration;
import sojourn.app.segments.language.Follow;
import sojourn.app.segments.language.NamedRecord;

/**
 * Gives interactions what conditions ask of the records that they name, as if it were properties of their own: {@code
 * message.topic} beside {@code message}.
 */
public final class FollowedRecords {

    private FollowedRecords() {}

    /**
     * Looks once for all that these interactions name by a property.
     *
     * @param attributes of the records, as declared
     */
    public static void addTo(
            Handle handle,
            Collection<Map<String, Object>> interactions,
            Follow follow,
            Map<String, Declaration> attributes) {
        var property = follow.property();
        var names = interactions.stream()
                .map(values -> values.get(property))
                .flatMap(value -> value instanceof String name ? Stream.of(name) : Stream.empty())
                .collect(toSet());
        if (names.isEmpty()) {
            return;
        }
        var records = follow.named()
                .map(record -> named(handle, record, names))
                .orElseGet(() -> profiles(handle, follow.of(), names, attributes));
        for (var values : interactions) {
            var record = values.get(property) instanceof String name ? records.get(name) : null;
            if (record != null) {
                record.forEach((attribute, value) -> values.put(property + "." + attribute, value));
            }
        }
    }

    private static Map<String, Map<String, Object>> named(Handle handle, NamedRecord record, Set<String> names) {
        var found = new HashMap<String, Map<String, Object>>();
        handle.createQuery("select key, attributes from named_record where kind = :kind and key = any(:names)")
                .bind("kind", record.property())
                .bind("names", names.toArray(String[]::new))
                .map((row, _) -> Map.entry(row.getString("key"), ContactStates.stored(row, record.attributes())))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    private static Map<String, Map<String, Object>> profiles(
            Handle handle, String type, Set<String> names, Map<String, Declaration> attributes) {
        var found = new HashMap<String, Map<String, Object>>();
        handle.createQuery("""
                        select external_id, attributes, created_at, updated_at from profile
                        where type_id = (select id from profile_type where key = :type) and external_id = any(:names)
                        """)
                .bind("type", type)
                .bind("names", names.toArray(String[]::new))
                .map((row, _) -> Map.entry(row.getString("external_id"), profile(row, attributes)))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    private static Map<String, Object> profile(ResultSet row, Map<String, Declaration> attributes) throws SQLException {
        return RelatedRecords.attributes(row, ContactStates.stored(row, attributes));
    }
}
