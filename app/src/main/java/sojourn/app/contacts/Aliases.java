package sojourn.app.contacts;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The names of contacts that were merged into others, which lead there. */
final class Aliases {

    private Aliases() {}

    /** The ids of contacts by external ids of those that were merged into them. */
    static Map<String, Long> byExternalId(Handle handle, Collection<String> externalIds) {
        var found = new HashMap<String, Long>();
        if (!externalIds.isEmpty()) {
            handle.createQuery(
                            "select external_id, contact_id from contact_alias where external_id = any(:externalIds)")
                    .bind("externalIds", externalIds.toArray(String[]::new))
                    .map((row, _) -> Map.entry(row.getString(1), row.getLong(2)))
                    .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        }
        return found;
    }

    /** The ids of contacts by UUIDs of those that were merged into them. */
    static Map<UUID, Long> byUuid(Handle handle, Collection<UUID> uuids) {
        var found = new HashMap<UUID, Long>();
        if (!uuids.isEmpty()) {
            handle.createQuery(
                            "select uuid, merged_into from contact where uuid = any(:uuids) and merged_into is not null")
                    .bind("uuids", uuids.toArray(UUID[]::new))
                    .map((row, _) -> Map.entry(row.getObject(1, UUID.class), row.getLong(2)))
                    .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        }
        return found;
    }

    /** The UUIDs of those that were merged into a contact. */
    static List<UUID> uuids(Handle handle, long contact) {
        return handle.select("select uuid from contact where merged_into = ?", contact)
                .mapTo(UUID.class)
                .list();
    }

    /** The external ids of those that were merged into a contact, as far as it has not taken them itself. */
    static List<String> externalIds(Handle handle, long contact) {
        return handle.select("select external_id from contact_alias where contact_id = ?", contact)
                .mapTo(String.class)
                .list();
    }

    /** Lets what led to the loser lead to the winner; the loser's row says so already. */
    static void add(Handle handle, Contact loser, Contact winner) {
        handle.execute("update contact set merged_into = ? where merged_into = ?", winner.id(), loser.id());
        handle.execute("update contact_alias set contact_id = ? where contact_id = ?", winner.id(), loser.id());
        var externalId = loser.externalId();
        if (externalId != null && !externalId.equals(winner.externalId())) {
            handle.execute(
                    "insert into contact_alias (external_id, contact_id) values (?, ?)", externalId, winner.id());
        }
    }

    /** A contact takes a name of one merged into it for its own. */
    static void remove(Handle handle, String externalId) {
        handle.execute("delete from contact_alias where external_id = ?", externalId);
    }

    /** Nothing leads to the contact any more. */
    static void erase(Handle handle, long contact) {
        handle.execute("delete from contact_alias where contact_id = ?", contact);
        handle.execute("update contact set merged_into = null where merged_into = ?", contact);
    }
}
