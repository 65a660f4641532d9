package sojourn.app.interactions;

import static java.util.stream.Collectors.toMap;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Changes;

/** Writes facts, each once however often it comes, and leaves word of them in the same transaction. */
final class InteractionStore {

    /** What became of a fact. */
    enum Outcome {
        STORED,
        /** It was there already. */
        DUPLICATE,
        /** Its id belongs to another fact. */
        ID_REUSED
    }

    private final Changes changes;

    InteractionStore(Changes changes) {
        this.changes = changes;
    }

    /**
     * Stores a batch whose ids all differ; says by id what became of each. Rows are inserted in the order of their ids,
     * so that two batches that overlap cannot block each other for good.
     */
    Map<String, Outcome> store(Handle handle, List<Fact> batch, Instant receivedAt) {
        var facts = batch.stream().sorted(Comparator.comparing(Fact::id)).toList();
        var outcomes = new HashMap<String, Outcome>();
        var unseen = remember(handle, facts, receivedAt, outcomes);
        var stored = insert(handle, unseen, receivedAt);
        for (var fact : unseen) {
            outcomes.put(fact.id(), Outcome.STORED);
        }
        if (stored.size() < unseen.size()) {
            var known =
                    unseen.stream().filter(fact -> !stored.contains(fact.id())).toList();
            outcomes.putAll(compareWithStored(handle, known));
        }
        leaveWord(handle, unseen, stored, receivedAt);
        return outcomes;
    }

    /** Takes the ids; leaves those that are new, and says of the others whether they are the same facts. */
    private static List<Fact> remember(
            Handle handle, List<Fact> facts, Instant receivedAt, Map<String, Outcome> outcomes) {
        var taken = handle.createQuery("""
                        insert into interaction_seen (id, content_hash, received_at)
                        select id, hash, :receivedAt
                        from unnest(:ids, :hashes) as fact (id, hash)
                        on conflict do nothing
                        returning id
                        """)
                .bind("ids", texts(facts, Fact::id))
                .bind("hashes", facts.stream().map(Fact::contentHash).toArray(UUID[]::new))
                .bind("receivedAt", receivedAt)
                .mapTo(String.class)
                .set();
        if (taken.size() == facts.size()) {
            return facts;
        }
        var unseen = new ArrayList<Fact>();
        var seen = new ArrayList<Fact>();
        facts.forEach(fact -> (taken.contains(fact.id()) ? unseen : seen).add(fact));
        var hashes = new HashMap<String, UUID>();
        handle.createQuery("select id, content_hash from interaction_seen where id = any(:ids)")
                .bind("ids", texts(seen, Fact::id))
                .map((row, _) -> Map.entry(row.getString(1), row.getObject(2, UUID.class)))
                .forEach(entry -> hashes.put(entry.getKey(), entry.getValue()));
        seen.forEach(fact -> outcomes.put(fact.id(), same(fact, hashes.get(fact.id()))));
        return unseen;
    }

    /** Inserts what is not there from before the ids were forgotten; the ids that were inserted. */
    private static Set<String> insert(Handle handle, List<Fact> facts, Instant receivedAt) {
        if (facts.isEmpty()) {
            return Set.of();
        }
        return new HashSet<>(handle.createQuery("""
                        insert into interaction (contact_id, occurred_at, received_at, type_id, content_hash, id,
                                                 journey, tile, binding_key, properties, folded)
                        select contact, timestamptz 'epoch' + micros * interval '1 microsecond', :receivedAt, type, hash, id,
                               journey, tile, binding_key, properties::jsonb, folded::jsonb
                        from unnest(:contacts, :micros, :types, :hashes, :ids, :journeys, :tiles, :bindingKeys,
                                    :properties, :folded)
                             as fact (contact, micros, type, hash, id, journey, tile, binding_key, properties, folded)
                        on conflict (id, occurred_at) do nothing
                        returning id
                        """)
                .bind("receivedAt", receivedAt)
                .bind("contacts", numbers(facts, Fact::contactId))
                .bind("micros", numbers(facts, fact -> ChronoUnit.MICROS.between(Instant.EPOCH, fact.occurredAt())))
                .bind("types", facts.stream().map(fact -> fact.type().id()).toArray(Short[]::new))
                .bind("hashes", facts.stream().map(Fact::contentHash).toArray(UUID[]::new))
                .bind("ids", texts(facts, Fact::id))
                .bind("journeys", texts(facts, Fact::journey))
                .bind("tiles", texts(facts, Fact::tile))
                .bind("bindingKeys", texts(facts, Fact::bindingKey))
                .bind("properties", texts(facts, Fact::properties))
                .bind("folded", texts(facts, Fact::folded))
                .mapTo(String.class)
                .list());
    }

    /** Facts whose ids had been forgotten but whose rows are there: what is remembered is made right again. */
    private static Map<String, Outcome> compareWithStored(Handle handle, List<Fact> facts) {
        var hashes = new HashMap<String, UUID>();
        handle.createQuery("""
                        update interaction_seen seen set content_hash = interaction.content_hash
                        from unnest(:ids, :micros) as fact (id, micros)
                        join interaction
                          on interaction.id = fact.id
                         and interaction.occurred_at = timestamptz 'epoch' + fact.micros * interval '1 microsecond'
                        where seen.id = fact.id
                        returning seen.id, interaction.content_hash
                        """)
                .bind("ids", texts(facts, Fact::id))
                .bind("micros", numbers(facts, fact -> ChronoUnit.MICROS.between(Instant.EPOCH, fact.occurredAt())))
                .map((row, _) -> Map.entry(row.getString(1), row.getObject(2, UUID.class)))
                .forEach(entry -> hashes.put(entry.getKey(), entry.getValue()));
        return facts.stream().collect(toMap(Fact::id, fact -> same(fact, hashes.get(fact.id()))));
    }

    private static Outcome same(Fact fact, @Nullable UUID hash) {
        return fact.contentHash().equals(hash) ? Outcome.DUPLICATE : Outcome.ID_REUSED;
    }

    private void leaveWord(Handle handle, List<Fact> facts, Set<String> stored, Instant at) {
        var contacts = new HashSet<Long>();
        var causes = new HashSet<String>();
        for (var fact : facts) {
            if (stored.contains(fact.id())) {
                contacts.add(fact.contactId());
                causes.add(fact.type().key());
            }
        }
        changes.record(handle, contacts, causes, at);
    }

    private static @Nullable String[] texts(List<Fact> facts, Function<Fact, @Nullable String> field) {
        return facts.stream().map(field).toArray(String[]::new);
    }

    private static Long[] numbers(List<Fact> facts, ToLongFunction<Fact> field) {
        return facts.stream().map(field::applyAsLong).toArray(Long[]::new);
    }
}
