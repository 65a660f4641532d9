package sojourn.app.interactions;

import static java.util.stream.Collectors.toSet;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.Changes;

/** Writes facts, each once however often it comes, and leaves word of them in the same transaction. */
final class InteractionStore {

    /**
     * What is stored now under the ids of a batch.
     *
     * @param added the ids that were not there before
     * @param hashes by id, what its content is: when it differs from that of the batch, the id was another's
     */
    record Stored(Set<String> added, Map<String, UUID> hashes) {}

    private static final int WORTH_COPYING = 100;

    private final Changes changes;

    InteractionStore(Changes changes) {
        this.changes = changes;
    }

    /**
     * Stores a batch whose ids all differ. Rows are inserted in the order of their ids, so that two batches that overlap
     * cannot block each other for good.
     */
    Stored store(Handle handle, Collection<Fact> batch, Instant receivedAt) {
        var facts = batch.stream().sorted(Comparator.comparing(Fact::id)).toList();
        var hashes = new HashMap<String, UUID>(facts.size() * 2);
        facts.forEach(fact -> hashes.put(fact.id(), fact.contentHash()));
        if (facts.size() >= WORTH_COPYING
                && facts.stream().noneMatch(Fact::isAnonymous)
                && NewFacts.copied(handle, facts, receivedAt)) {
            leaveWord(handle, facts, hashes.keySet(), receivedAt);
            return new Stored(hashes.keySet(), hashes);
        }
        var unseen = remember(handle, facts, receivedAt, hashes);
        var added = new HashSet<>(insert(handle, named(unseen), receivedAt));
        added.addAll(AnonymousIds.keep(handle, anonymous(unseen), receivedAt));
        if (added.size() < unseen.size()) {
            correct(handle, without(unseen, added), hashes);
        }
        leaveWord(handle, unseen, added, receivedAt);
        return new Stored(added, hashes);
    }

    /** Takes the ids; returns the facts whose ids are new. */
    private static List<Fact> remember(Handle handle, List<Fact> facts, Instant receivedAt, Map<String, UUID> hashes) {
        var taken = handle.createQuery("""
                        insert into interaction_seen (id, content_hash, received_at)
                        select id, hash, :receivedAt
                        from unnest(:ids, :hashes) as fact (id, hash)
                        on conflict do nothing
                        returning id
                        """)
                .bind("ids", Fact.texts(facts, Fact::id))
                .bind("hashes", facts.stream().map(Fact::contentHash).toArray(UUID[]::new))
                .bind("receivedAt", receivedAt)
                .mapTo(String.class)
                .collect(toSet());
        if (taken.size() == facts.size()) {
            return facts;
        }
        handle.createQuery("select id, content_hash from interaction_seen where id = any(:ids)")
                .bind("ids", Fact.texts(without(facts, taken), Fact::id))
                .map((row, _) -> Map.entry(row.getString(1), row.getObject(2, UUID.class)))
                .forEach(entry -> hashes.put(entry.getKey(), entry.getValue()));
        return facts.stream().filter(fact -> taken.contains(fact.id())).toList();
    }

    /** Inserts what is not there from before its id was forgotten; returns the ids of what was inserted. */
    private static Set<String> insert(Handle handle, List<Fact> facts, Instant receivedAt) {
        if (facts.isEmpty()) {
            return Set.of();
        }
        return handle.createQuery("""
                        insert into interaction (contact_id, occurred_at, received_at, type_id, content_hash, id,
                                                 journey, tile, binding_key, properties, folded, lookups)
                        select contact, timestamptz 'epoch' + micros * interval '1 microsecond', :receivedAt, type, hash,
                               id, journey, tile, binding_key, properties::jsonb, folded::jsonb, lookups::jsonb
                        from unnest(:contacts, :micros, :types, :hashes, :ids, :journeys, :tiles, :bindingKeys,
                                    :properties, :folded, :lookups)
                             as fact (contact, micros, type, hash, id, journey, tile, binding_key, properties, folded,
                                      lookups)
                        on conflict (id, occurred_at) do nothing
                        returning id
                        """)
                .bind("receivedAt", receivedAt)
                .bind("contacts", facts.stream().map(Fact::contactId).toArray(Long[]::new))
                .bindMap(Fact.columns(facts))
                .mapTo(String.class)
                .collect(toSet());
    }

    /** For facts that are stored although their ids had been forgotten: what is remembered is made right again. */
    private static void correct(Handle handle, List<Fact> facts, Map<String, UUID> hashes) {
        handle.createQuery("""
                        update interaction_seen seen set content_hash = interaction.content_hash
                        from unnest(:ids, :micros) as fact (id, micros)
                        join interaction
                          on interaction.id = fact.id
                         and interaction.occurred_at = timestamptz 'epoch' + fact.micros * interval '1 microsecond'
                        where seen.id = fact.id
                        returning seen.id, interaction.content_hash
                        """)
                .bind("ids", Fact.texts(facts, Fact::id))
                .bind("micros", facts.stream().map(Fact::micros).toArray(Long[]::new))
                .map((row, _) -> Map.entry(row.getString(1), row.getObject(2, UUID.class)))
                .forEach(entry -> hashes.put(entry.getKey(), entry.getValue()));
    }

    private void leaveWord(Handle handle, List<Fact> facts, Set<String> added, Instant at) {
        var contacts = new HashSet<Long>();
        var causes = new HashSet<String>();
        for (var fact : facts) {
            if (added.contains(fact.id()) && !fact.isAnonymous()) {
                contacts.add(fact.contactId());
                causes.add(fact.type().key());
            }
        }
        changes.record(handle, contacts, causes, at);
    }

    private static List<Fact> without(List<Fact> facts, Set<String> ids) {
        return facts.stream().filter(fact -> !ids.contains(fact.id())).toList();
    }

    private static List<Fact> named(List<Fact> facts) {
        return facts.stream().filter(fact -> !fact.isAnonymous()).toList();
    }

    private static List<Fact> anonymous(List<Fact> facts) {
        return facts.stream().filter(Fact::isAnonymous).toList();
    }
}
