package sojourn.app.segments;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.ProfileTypes;
import sojourn.app.segments.language.Hop;
import sojourn.app.segments.language.RelatedRecord;

/**
 * Loads what contacts are related to, along the paths that queries follow: hop by hop, each with one query for the links
 * and one for the records that are new. Paths with a common beginning share it, and a record that is reached twice is
 * loaded once.
 */
final class RelatedRecords {

    private record Identity(String type, long id) {}

    private final Handle handle;
    private final Vocabulary.Words words;
    private final Map<Identity, RelatedRecord> known = new HashMap<>();

    RelatedRecords(Handle handle, Vocabulary.Words words) {
        this.handle = handle;
        this.words = words;
    }

    /** What each of these contacts is related to by the first hops of the paths, and beyond. */
    Map<Long, RelatedRecord> load(Collection<Long> contacts, Collection<List<Hop>> paths) {
        var roots = new LinkedHashMap<Long, RelatedRecord>();
        contacts.forEach(contact -> roots.put(contact, new RelatedRecord(Map.of())));
        follow(roots, List.copyOf(paths));
        return roots;
    }

    private void follow(Map<Long, RelatedRecord> from, List<List<Hop>> paths) {
        var rests = new LinkedHashMap<Hop, List<List<Hop>>>();
        for (var path : paths) {
            if (!path.isEmpty()) {
                rests.computeIfAbsent(path.getFirst(), _ -> new ArrayList<>()).add(path.subList(1, path.size()));
            }
        }
        if (from.isEmpty()) {
            return;
        }
        rests.forEach((hop, rest) -> follow(follow(from, hop), rest));
    }

    /** The records that one hop leads to, by id; those at hand learn of them. */
    private Map<Long, RelatedRecord> follow(Map<Long, RelatedRecord> from, Hop hop) {
        var links = links(from.keySet(), hop);
        var reached = records(
                hop.to(),
                links.values().stream().flatMap(List::stream).distinct().toList());
        from.forEach((id, record) -> record.relate(
                hop,
                links.getOrDefault(id, List.of()).stream()
                        .map(reached::get)
                        .filter(Objects::nonNull)
                        .map(Objects::requireNonNull)
                        .toList()));
        return reached;
    }

    private Map<Long, List<Long>> links(Collection<Long> near, Hop hop) {
        var found = new HashMap<Long, List<Long>>();
        var nearSide = hop.forward() ? "from_id" : "to_id";
        var farSide = hop.forward() ? "to_id" : "from_id";
        handle.createQuery("select %1$s, %2$s from link where relationship_id = :relationship and %1$s = any(:near)"
                        .formatted(nearSide, farSide))
                .bind("relationship", words.relationship(hop.relationship()))
                .bind("near", near.toArray(Long[]::new))
                .map((row, _) -> Map.entry(row.getLong(1), row.getLong(2)))
                .forEach(link -> found.computeIfAbsent(link.getKey(), _ -> new ArrayList<>())
                        .add(link.getValue()));
        return found;
    }

    private Map<Long, RelatedRecord> records(String type, List<Long> ids) {
        var unknown = ids.stream()
                .filter(id -> !known.containsKey(new Identity(type, id)))
                .toArray(Long[]::new);
        if (unknown.length > 0) {
            read(type, unknown).forEach((id, values) -> known.put(new Identity(type, id), new RelatedRecord(values)));
        }
        var records = new HashMap<Long, RelatedRecord>();
        for (var id : ids) {
            var record = known.get(new Identity(type, id));
            if (record != null) {
                records.put(id, record);
            }
        }
        return records;
    }

    private Map<Long, Map<String, Object>> read(String type, Long[] ids) {
        var declared = words.catalog().profileTypes().getOrDefault(type, Map.of());
        if (type.equals(ProfileTypes.CONTACT)) {
            return ContactStates.attributes(handle, ids, declared);
        }
        var found = new HashMap<Long, Map<String, Object>>();
        handle.createQuery(
                        "select id, external_id, attributes, created_at, updated_at from profile where id = any(:ids)")
                .bind("ids", ids)
                .map((row, _) -> Map.entry(row.getLong("id"), attributes(row, ContactStates.stored(row, declared))))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    /** What a row of {@code profile} has, with its declared attributes as they were read. */
    static Map<String, Object> attributes(ResultSet row, Map<String, Object> values) throws SQLException {
        ContactStates.put(values, "externalId", row.getString("external_id"));
        ContactStates.put(values, "createdAt", ContactStates.instant(row, "created_at"));
        ContactStates.put(values, "updatedAt", ContactStates.instant(row, "updated_at"));
        return values;
    }
}
