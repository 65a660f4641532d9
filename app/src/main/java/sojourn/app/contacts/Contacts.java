package sojourn.app.contacts;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;

/** Finds contacts for other features. */
public final class Contacts {

    /** Begins a reference by external id, {@code external:42}; any other reference is a UUID. */
    public static final String EXTERNAL = "external:";

    private static final ContactMapper CONTACT = new ContactMapper();

    /** The contact of an id, an erased one too. */
    public Optional<Contact> find(Handle handle, long id) {
        return handle.select("select * from contact where id = ?", id)
                .map(CONTACT)
                .findOne();
    }

    /** The contact of an id, which nobody else changes until the transaction ends. */
    public Optional<Contact> lock(Handle handle, long id) {
        return handle.attach(ContactDao.class).lock(id);
    }

    /** The contacts of these ids, in no order; erased ones too. */
    public List<Contact> findAll(Handle handle, Collection<Long> ids) {
        return handle.attach(ContactDao.class).findAll(ids.toArray(Long[]::new));
    }

    /**
     * The contact that a reference names, a UUID or {@code external:...}; erased ones are not found, and what names one that
     * was merged leads to the one it was merged into.
     */
    public OptionalLong resolve(Handle handle, String reference) {
        var id = resolveAll(handle, List.of(reference)).get(reference);
        return id == null ? OptionalLong.empty() : OptionalLong.of(id);
    }

    /** The problem of a path or parameter that names nobody. */
    public static Problem unknown(String reference) {
        return new Problem(ProblemType.NOT_FOUND, notThere(reference));
    }

    /** Says that a reference names nobody, and how contacts are named where it is no name of one. */
    public static String notThere(String reference) {
        return "There is no contact " + reference
                + (reference.startsWith(EXTERNAL) || uuid(reference) != null
                        ? ""
                        : "; contacts are named by their UUID, or by their externalId as `" + EXTERNAL + reference
                                + "`");
    }

    /** The contacts that these references name, by reference; those that name nobody are left out. */
    public Map<String, Long> resolveAll(Handle handle, Collection<String> references) {
        var externals = references.stream()
                .filter(reference -> reference.startsWith(EXTERNAL))
                .map(reference -> reference.substring(EXTERNAL.length()))
                .distinct()
                .toArray(String[]::new);
        var uuids = references.stream()
                .filter(reference -> uuid(reference) != null)
                .distinct()
                .toList();
        var found = new HashMap<String, Long>();
        if (externals.length > 0) {
            handle.createQuery("select external_id, id from contact where external_id = any(:externals)")
                    .bind("externals", externals)
                    .map((row, _) -> Map.entry(EXTERNAL + row.getString(1), row.getLong(2)))
                    .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
            var unknown = Arrays.stream(externals)
                    .filter(external -> !found.containsKey(EXTERNAL + external))
                    .toList();
            Aliases.byExternalId(handle, unknown).forEach((alias, id) -> found.put(EXTERNAL + alias, id));
        }
        if (!uuids.isEmpty()) {
            var byUuid = new HashMap<UUID, Long>();
            handle.createQuery("""
                            select uuid, coalesce(merged_into, id) from contact
                            where uuid = any(:uuids) and (state <> 'erased' or merged_into is not null)
                            """)
                    .bind("uuids", uuids.stream().map(Contacts::uuid).toArray(UUID[]::new))
                    .map((row, _) -> Map.entry(row.getObject(1, UUID.class), row.getLong(2)))
                    .forEach(entry -> byUuid.put(entry.getKey(), entry.getValue()));
            for (var reference : uuids) {
                var id = byUuid.get(UUID.fromString(reference));
                if (id != null) {
                    found.put(reference, id);
                }
            }
        }
        return found;
    }

    /** The UUID that a reference is, null when it is none. */
    static @Nullable UUID uuid(String reference) {
        if (reference.length() != 36) {
            return null;
        }
        try {
            return UUID.fromString(reference);
        } catch (IllegalArgumentException notAUuid) {
            return null;
        }
    }
}
