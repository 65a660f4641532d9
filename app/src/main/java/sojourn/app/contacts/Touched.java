package sojourn.app.contacts;

import java.time.Instant;
import java.util.ArrayList;
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

/** The records that a transaction changed, gathered so that word of each is left once, before it ends. */
final class Touched {

    private final Map<Long, Set<String>> causesByContact = new TreeMap<>();
    private final Map<String, Map<String, Set<Long>>> profilesByTypeAndCause = new TreeMap<>();
    private final Map<String, Set<String>> goneByType = new TreeMap<>();
    private final List<Renaming> renamings = new ArrayList<>();
    private final RecordChanges told = new RecordChanges();

    /** A record that is called otherwise; null when nothing shall name it any more. */
    private record Renaming(
            String type, String old, @Nullable String name) {}

    /** A record changed by itself. */
    void record(String type, long id) {
        record(type, id, Changes.PROFILE);
    }

    /** A record was made, where there was none before, or changed. */
    void written(Shape shape, Stored record, int version, @Nullable Fields before, Fields now) {
        record(shape.type(), record.id());
        told.written(shape, record, version, before, now);
    }

    /** A record is no more: from here on only its name says which it was. */
    void gone(String type, Stored record) {
        record(type, record.id());
        var name = record.externalId();
        if (name != null) {
            goneByType.computeIfAbsent(type, _ -> new TreeSet<>()).add(name);
        }
    }

    /** A record is called otherwise, or, by null, is not to be named any more. */
    void renamed(String type, String old, @Nullable String name) {
        if (!old.equals(name)) {
            renamings.add(new Renaming(type, old, name));
        }
    }

    /** A record's link by a relationship came or went. */
    void links(Collection<Link> links, Map<Short, Relationship> relationships) {
        for (var link : links) {
            var relationship = relationships.get(link.relationship());
            if (relationship != null) {
                var cause = Changes.RELATIONSHIP + relationship.key();
                record(relationship.from(), link.from(), cause);
                record(relationship.to(), link.to(), cause);
            }
        }
    }

    private void record(String type, long id, String cause) {
        if (type.equals(ProfileTypes.CONTACT)) {
            causesByContact.computeIfAbsent(id, _ -> new TreeSet<>()).add(cause);
        } else {
            profilesByTypeAndCause
                    .computeIfAbsent(type, _ -> new TreeMap<>())
                    .computeIfAbsent(cause, _ -> new TreeSet<>())
                    .add(id);
        }
    }

    void leaveWord(Handle handle, Changes changes, Instant at) {
        renamings.forEach(renaming -> changes.renamed(handle, renaming.type(), renaming.old(), renaming.name(), at));
        changes.changed(handle, told.all(handle), at);
        var byCauses = new HashMap<Set<String>, Set<Long>>();
        causesByContact.forEach((contact, causes) ->
                byCauses.computeIfAbsent(causes, _ -> new HashSet<>()).add(contact));
        byCauses.forEach((causes, contacts) -> changes.record(handle, contacts, causes, at));
        if (!profilesByTypeAndCause.isEmpty()) {
            var ids = ProfileTypes.ids(handle, List.copyOf(profilesByTypeAndCause.keySet()));
            profilesByTypeAndCause.forEach((type, byCause) -> {
                var id = ids.get(type);
                if (id != null) {
                    byCause.forEach((cause, profiles) -> changes.recordProfiles(handle, id, profiles, cause, at));
                    changes.recordGone(handle, id, goneByType.getOrDefault(type, Set.of()), at);
                }
            });
        }
    }
}
