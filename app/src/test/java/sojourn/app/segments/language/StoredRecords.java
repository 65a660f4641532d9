package sojourn.app.segments.language;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.Declaration;

/** Records of every type, linked at random with contacts and with one another: in the database, and as Java sees them. */
final class StoredRecords {

    private static final int OF_A_TYPE = 8;

    private final Random random;
    private final RandomValues values;
    private final Handle handle;
    private final Map<String, Short> ids = new HashMap<>();
    private final Map<String, Short> typeIds = new HashMap<>();
    private final Map<String, Map<String, Map<String, Object>>> named = new HashMap<>();
    private final Map<String, Map<Long, RelatedRecord>> records = new HashMap<>();

    StoredRecords(Random random, RandomValues values, Handle handle) {
        this.random = random;
        this.values = values;
        this.handle = handle;
    }

    Map<String, Short> ids() {
        return ids;
    }

    Map<String, Short> typeIds() {
        return typeIds;
    }

    /** The names by which lookups of a type, or the product's own properties, find a record. */
    List<String> names(String type) {
        return List.copyOf(named.getOrDefault(type, Map.of()).keySet());
    }

    /** What is known of the record of this name; nothing when there is none. */
    Map<String, Object> named(String type, String name) {
        return named.getOrDefault(type, Map.of()).getOrDefault(name, Map.of());
    }

    void store() {
        for (var table : List.of("link", "profile", "named_record")) {
            handle.execute("delete from " + table);
        }
        for (var kind : NamedRecord.values()) {
            RandomValues.TEXTS.stream()
                    .filter(text -> random.nextBoolean())
                    .map(text -> Normalizer.normalize(text, Normalizer.Form.NFC))
                    .distinct()
                    .forEach(key -> store(kind, key));
        }
        records.put("contact", new LinkedHashMap<>());
        Shop.CATALOG.relationships().keySet().stream()
                .sorted()
                .forEach(key -> ids.put(key, (short) (1000 + ids.size())));
        Shop.CATALOG.profileTypes().keySet().stream()
                .filter(type -> !type.equals("contact"))
                .sorted()
                .forEach(this::store);
    }

    private void store(NamedRecord kind, String key) {
        var attributes = JsonNodeFactory.instance.objectNode();
        var folded = JsonNodeFactory.instance.objectNode();
        put(kind.attributes(), attributes, folded);
        handle.execute(
                "insert into named_record (kind, key, attributes, folded) values (?, ?, ?::jsonb, ?::jsonb)",
                kind.property(),
                key,
                attributes.toString(),
                folded.toString());
        named.computeIfAbsent(kind.property(), _ -> new LinkedHashMap<>())
                .put(key, StoredValues.read(attributes, kind.attributes()));
    }

    private void put(Map<String, Declaration> declared, ObjectNode attributes, ObjectNode folded) {
        declared.entrySet().stream()
                .filter(entry ->
                        !List.of("externalId", "createdAt", "updatedAt").contains(entry.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> {
                    if (random.nextInt(4) > 0) {
                        StoredShop.put(values, random, attributes, folded, entry.getKey(), entry.getValue());
                    }
                });
    }

    private void store(String type) {
        typeIds.put(type, (short) (2000 + typeIds.size()));
        var ofType = new LinkedHashMap<Long, RelatedRecord>();
        for (var i = 0; i < OF_A_TYPE; i++) {
            storeRecord(type, i, ofType);
        }
        records.put(type, ofType);
    }

    private void storeRecord(String type, int number, Map<Long, RelatedRecord> into) {
        var declared = Shop.CATALOG.profileTypes().getOrDefault(type, Map.of());
        var attributes = JsonNodeFactory.instance.objectNode();
        var folded = JsonNodeFactory.instance.objectNode();
        put(declared, attributes, folded);
        var externalId = random.nextInt(3) == 0 ? null : StoredShop.text(values) + number;
        var createdAt = values.instant();
        var updatedAt = values.instant();
        var id = handle.createQuery("""
                        insert into profile (type_id, external_id, attributes, folded, created_at, updated_at)
                        values (:type, :externalId, :attributes::jsonb, :folded::jsonb, :created, :updated)
                        returning id
                        """)
                .bind("type", typeIds.get(type))
                .bind("externalId", externalId)
                .bind("attributes", attributes.toString())
                .bind("folded", folded.toString())
                .bind("created", createdAt)
                .bind("updated", updatedAt)
                .mapTo(Long.class)
                .one();
        var known = StoredValues.read(attributes, declared);
        if (externalId != null) {
            known.put("externalId", externalId);
        }
        known.put("createdAt", createdAt);
        known.put("updatedAt", updatedAt);
        if (externalId != null) {
            named.computeIfAbsent(type, _ -> new LinkedHashMap<>()).put(externalId, known);
        }
        into.put(id, new RelatedRecord(known));
    }

    RelatedRecord addContact(long id, Map<String, Object> attributes) {
        var record = new RelatedRecord(attributes);
        records.computeIfAbsent("contact", _ -> new LinkedHashMap<>()).put(id, record);
        return record;
    }

    /** Each record on the looking-up side with none, one or two of the other, whatever the relationship. */
    void link() {
        Shop.CATALOG.relationships().keySet().stream().sorted().forEach(this::link);
    }

    private void link(String key) {
        var relation = Shop.CATALOG.relationships().getOrDefault(key, new Relation("", ""));
        var from = records.getOrDefault(relation.from(), Map.of());
        var to = records.getOrDefault(relation.to(), Map.of());
        var backward = new HashMap<Long, List<RelatedRecord>>();
        from.forEach((id, record) -> {
            var targets = new ArrayList<RelatedRecord>();
            for (var i = random.nextInt(3); i > 0; i--) {
                var target = values.pick(List.copyOf(to.keySet()));
                var known = to.get(target);
                if (known != null && !targets.contains(known)) {
                    targets.add(known);
                    backward.computeIfAbsent(target, _ -> new ArrayList<>()).add(record);
                    handle.execute("insert into link values (?, ?, ?, now())", ids.get(key), id, target);
                }
            }
            record.relate(new Hop(key, true, relation.to()), targets);
        });
        to.forEach((id, record) ->
                record.relate(new Hop(key, false, relation.from()), backward.getOrDefault(id, List.of())));
    }
}
