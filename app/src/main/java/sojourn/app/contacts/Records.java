package sojourn.app.contacts;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Finds records of any type by what others call them. */
final class Records {

    /** A record that was found and stays until the transaction ends: whoever deletes it waits for that. */
    record Found(long id, UUID uuid, @Nullable String externalId) implements Stored {}

    private Records() {}

    /** The records that these values of a lookup attribute name, by value: external ids, and where none is such, UUIDs. */
    static Map<String, Found> named(Handle handle, String type, Collection<String> names) {
        var uuids = names.stream().map(Contacts::uuid).filter(Objects::nonNull).toArray(UUID[]::new);
        var byExternalId = new HashMap<String, Found>();
        var byUuid = new HashMap<UUID, Found>();
        for (var found : hold(handle, type, names.toArray(String[]::new), uuids)) {
            byUuid.put(found.uuid(), found);
            if (found.externalId() != null) {
                byExternalId.put(found.externalId(), found);
            }
        }
        var named = new HashMap<String, Found>();
        for (var name : names) {
            var found = byExternalId.get(name);
            var uuid = found == null ? Contacts.uuid(name) : null;
            if (uuid != null) {
                found = byUuid.get(uuid);
            }
            if (found != null) {
                named.put(name, found);
            }
        }
        if (type.equals(ProfileTypes.CONTACT) && named.size() < names.size()) {
            var unknown =
                    names.stream().filter(name -> !named.containsKey(name)).toList();
            named.putAll(merged(handle, unknown, unknown));
        }
        return named;
    }

    /**
     * The contacts that these names lead to, since somebody of that name was merged into them.
     *
     * @param names external ids, and where none is such, UUIDs
     * @param keys by which they are answered, in the same order
     */
    private static Map<String, Found> merged(Handle handle, List<String> names, List<String> keys) {
        var ids = new HashMap<String, Long>();
        Aliases.byUuid(
                        handle,
                        names.stream()
                                .map(Contacts::uuid)
                                .filter(Objects::nonNull)
                                .toList())
                .forEach((uuid, id) -> ids.put(uuid.toString(), id));
        ids.putAll(Aliases.byExternalId(handle, names));
        if (ids.isEmpty()) {
            return Map.of();
        }
        var held = new HashMap<Long, Found>();
        hold(handle, ids.values()).forEach(found -> held.put(found.id(), found));
        var merged = new HashMap<String, Found>();
        for (var at = 0; at < names.size(); at++) {
            var uuid = Contacts.uuid(names.get(at));
            var id = ids.getOrDefault(names.get(at), uuid == null ? null : ids.get(uuid.toString()));
            var found = id == null ? null : held.get(id);
            if (found != null) {
                merged.put(keys.get(at), found);
            }
        }
        return merged;
    }

    /** The records that these references of paths name, a UUID or {@code external:...}, by reference. */
    static Map<String, Found> referred(Handle handle, String type, Collection<String> references) {
        var externalIds = references.stream()
                .filter(reference -> reference.startsWith(Contacts.EXTERNAL))
                .map(reference -> reference.substring(Contacts.EXTERNAL.length()))
                .toArray(String[]::new);
        var uuids =
                references.stream().map(Contacts::uuid).filter(Objects::nonNull).toArray(UUID[]::new);
        var referred = new HashMap<String, Found>();
        for (var found : hold(handle, type, externalIds, uuids)) {
            referred.put(Contacts.EXTERNAL + found.externalId(), found);
            referred.put(found.uuid().toString(), found);
        }
        references.forEach(reference -> {
            var uuid = Contacts.uuid(reference);
            var found = uuid == null ? null : referred.get(uuid.toString());
            if (found != null) {
                referred.put(reference, found);
            }
        });
        if (type.equals(ProfileTypes.CONTACT)) {
            var unknown = references.stream()
                    .filter(reference -> !referred.containsKey(reference))
                    .toList();
            referred.putAll(merged(handle, unknown.stream().map(Records::name).toList(), unknown));
        }
        return referred;
    }

    /** The id of the record that a reference names; -1, which no record has, when there is none. */
    static long idOf(Handle handle, Reference reference) {
        if (reference.type().equals(ProfileTypes.CONTACT)) {
            return handle.attach(ContactDao.class)
                    .find(reference.externalId(), reference.uuid())
                    .filter(contact -> !contact.state().equals(Contact.ERASED))
                    .map(Contact::id)
                    .orElse(-1L);
        }
        return handle.createQuery("""
                        select id from %s and (external_id = :externalId or uuid = :uuid)
                        """.formatted(in(reference.type())))
                .bind("type", reference.type())
                .bind("externalId", reference.externalId())
                .bind("uuid", reference.uuid())
                .mapTo(Long.class)
                .findOne()
                .orElse(-1L);
    }

    /** The table of a type, {@code :type}, and a condition that its records fulfil. */
    static String in(String type) {
        return type.equals(ProfileTypes.CONTACT)
                ? "contact where state <> 'erased'"
                : "profile where type_id = (select id from profile_type where key = :type)";
    }

    private static String name(String reference) {
        return reference.startsWith(Contacts.EXTERNAL) ? reference.substring(Contacts.EXTERNAL.length()) : reference;
    }

    private static List<Found> hold(Handle handle, Collection<Long> contacts) {
        return handle.createQuery("""
                        select id, uuid, external_id from contact where state <> 'erased' and id = any(:ids)
                        order by id
                        for key share
                        """)
                .bind("ids", contacts.toArray(Long[]::new))
                .map((row, _) -> new Found(row.getLong(1), row.getObject(2, UUID.class), row.getString(3)))
                .list();
    }

    private static List<Found> hold(Handle handle, String type, String[] externalIds, UUID[] uuids) {
        return handle.createQuery("""
                        select id, uuid, external_id from %s
                          and (external_id = any(:externalIds) or uuid = any(:uuids))
                        order by id
                        for key share
                        """.formatted(in(type)))
                .bind("type", type)
                .bind("externalIds", externalIds)
                .bind("uuids", uuids)
                .map((row, _) -> new Found(row.getLong(1), row.getObject(2, UUID.class), row.getString(3)))
                .list();
    }
}
