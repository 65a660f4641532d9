package sojourn.app.interactions;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.Contact;
import sojourn.app.contacts.Merges;

/**
 * Anonymous ids: which contact each is, and the interactions of those that are nobody yet. Whoever keeps one shares a lock of
 * its id from before looking for the contact, and whoever links the id takes it, so that none is kept beside a link.
 */
final class AnonymousIds {

    private static final int LOCK = 5311;

    /** Few enough that a batch's locks fit PostgreSQL's lock table. */
    private static final int STRIPES = 256;

    private final Changes changes;

    AnonymousIds(Changes changes) {
        this.changes = changes;
    }

    /** The contacts that these ids are, of those that are any. None is linked until the transaction ends. */
    static Map<String, Long> whose(Handle handle, Set<String> ids) {
        var linked = new HashMap<String, Long>();
        if (!ids.isEmpty()) {
            lock(handle, "pg_advisory_xact_lock_shared", ids);
            handle.createQuery("select anonymous_id, contact_id from anonymous_link where anonymous_id = any(:ids)")
                    .bind("ids", ids.toArray(String[]::new))
                    .map((row, _) -> Map.entry(row.getString(1), row.getLong(2)))
                    .forEach(entry -> linked.put(entry.getKey(), entry.getValue()));
        }
        return linked;
    }

    /** Keeps facts whose anonymous ids are nobody; returns the ids of those that are not stored for somebody already. */
    static Set<String> keep(Handle handle, List<Fact> facts, Instant receivedAt) {
        if (facts.isEmpty()) {
            return Set.of();
        }
        return handle.createQuery("""
                        insert into anonymous_interaction (anonymous_id, occurred_at, received_at, type_id, content_hash, id,
                                                           journey, tile, binding_key, properties, folded, lookups)
                        select anonymous_id, at, :receivedAt, type, hash,
                               id, journey, tile, binding_key, properties::jsonb, folded::jsonb, lookups::jsonb
                        from (select *, timestamptz 'epoch' + micros * interval '1 microsecond' as at
                              from unnest(:anonymousIds, :micros, :types, :hashes, :ids, :journeys, :tiles, :bindingKeys,
                                          :properties, :folded, :lookups)
                                   as fact (anonymous_id, micros, type, hash, id, journey, tile, binding_key, properties,
                                            folded, lookups)) as fact
                        where not exists (select from interaction i where i.id = fact.id and i.occurred_at = fact.at)
                        returning id
                        """)
                .bind("receivedAt", receivedAt)
                .bind("anonymousIds", Fact.texts(facts, Fact::anonymousId))
                .bindMap(Fact.columns(facts))
                .mapTo(String.class)
                .collect(Collectors.toSet());
    }

    /**
     * From now on the id is this contact, and so is whatever was kept of it; word of that is left. What went to a contact
     * that the id was before stays there.
     *
     * @return whether anything is new
     */
    boolean link(Handle handle, String anonymousId, long contact, Instant now) {
        if (isLinked(handle, anonymousId, contact)) {
            return false;
        }
        lock(handle, "pg_advisory_xact_lock", Set.of(anonymousId));
        handle.createUpdate("""
                        insert into anonymous_link (anonymous_id, contact_id, linked_at) values (:id, :contact, :now)
                        on conflict (anonymous_id)
                        do update set contact_id = excluded.contact_id, linked_at = excluded.linked_at
                        """)
                .bind("id", anonymousId)
                .bind("contact", contact)
                .bind("now", now)
                .execute();
        var types = attach(handle, anonymousId, contact);
        if (!types.isEmpty()) {
            changes.record(handle, List.of(contact), types, now);
        }
        return true;
    }

    private static boolean isLinked(Handle handle, String anonymousId, long contact) {
        return handle.select(
                        "select exists (select from anonymous_link where anonymous_id = ? and contact_id = ?)",
                        anonymousId,
                        contact)
                .mapTo(Boolean.class)
                .one();
    }

    /** Moves what was kept to the contact; the keys of its types. */
    private static List<String> attach(Handle handle, String anonymousId, long contact) {
        return handle.createQuery("""
                        with taken as (
                          delete from anonymous_interaction where anonymous_id = :id returning *),
                        stored as (
                          insert into interaction (contact_id, occurred_at, received_at, type_id, content_hash, id,
                                                   journey, tile, binding_key, properties, folded, lookups)
                          select :contact, occurred_at, received_at, type_id, content_hash, id,
                                 journey, tile, binding_key, properties, folded, lookups
                          from taken
                          on conflict (id, occurred_at) do nothing
                          returning type_id)
                        select key from interaction_type where id in (select type_id from stored)
                        """)
                .bind("id", anonymousId)
                .bind("contact", contact)
                .mapTo(String.class)
                .list();
    }

    /** Nothing that comes later is the contact's by these ids. */
    void erase(Handle handle, Contact contact) {
        handle.execute("delete from anonymous_link where contact_id = ?", contact.id());
    }

    void merge(Handle handle, Merges.Merge merge) {
        handle.execute("update anonymous_link set contact_id = ? where contact_id = ?", merge.winner(), merge.loser());
    }

    private static void lock(Handle handle, String function, Collection<String> ids) {
        var stripes = ids.stream()
                .map(id -> Math.floorMod(id.hashCode(), STRIPES))
                .distinct()
                .sorted()
                .toArray(Integer[]::new);
        handle.createQuery("select count(<function>(:kind, stripe)) from unnest(:stripes) as stripe")
                .define("function", function)
                .bind("kind", LOCK)
                .bind("stripes", stripes)
                .mapTo(Long.class)
                .one();
    }
}
