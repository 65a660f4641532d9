package sojourn.app.segments.language;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.text.Normalizer;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.Fold;
import sojourn.app.segments.language.ContactState.Occurrence;

/** Contacts made at random, stored in the database as the product stores them, and the same as Java sees them. */
final class StoredShop {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Map<String, String> COLUMNS = Map.of(
            "externalId",
            "external_id",
            "email",
            "email",
            "phone",
            "phone",
            "firstName",
            "first_name",
            "lastName",
            "last_name",
            "locale",
            "locale",
            "timeZone",
            "time_zone",
            "owner",
            "owner",
            "businessUnit",
            "business_unit");

    /** What is nearly a date or an instant, or is one for the database alone, or in another form than the stored one. */
    private static final List<String> ODD_TEXTS = List.of(
            "tomorrow",
            "now",
            "infinity",
            "-infinity",
            "epoch",
            "allballs",
            "January 8, 1999",
            "20261101",
            "2026-11-1",
            "2026-02-30",
            "0000-01-01",
            "0001-01-01 BC",
            "10000-01-01",
            "+12026-11-01",
            "2026-11-01",
            "2026-11-01T08:00",
            "2026-11-01T08:00Z",
            "2026-11-01 08:00:00Z",
            "2026-11-01T08:00:00+02:00",
            "2026-11-01T08:00:00.1234567Z",
            "2026-02-30T08:00:00Z",
            "2026-06-30T23:59:60Z",
            "2026-06-30T24:00:00Z",
            "0000-06-30T10:00:00Z",
            "2026-11-01T08:00:00.12Z\n",
            "\u0662\u0660\u0662\u0666-11-01",
            "2026-11-01T08:00:00.12Z",
            "true",
            "42",
            "1e3",
            "Gold",
            "a;b",
            "[\"a\"]");

    private final Random random;
    private final RandomValues values;
    private final Handle handle;
    private final Map<String, Short> types = new HashMap<>();
    private final Map<String, Integer> segments = new HashMap<>();
    private final Map<Long, ContactState> states = new LinkedHashMap<>();
    private final StoredRecords related;

    StoredShop(Random random, RandomValues values, Handle handle) {
        this.random = random;
        this.values = values;
        this.handle = handle;
        this.related = new StoredRecords(random, values, handle);
    }

    SqlContext context(Instant now, ZoneId zone) {
        return new SqlContext(now, zone, types, related.typeIds(), related.ids(), segments);
    }

    Map<Long, ContactState> states() {
        return states;
    }

    void store(int contacts) {
        for (var table : List.of("membership", "interaction", "contact")) {
            handle.execute("delete from " + table);
        }
        for (var type : Shop.CATALOG.interactionTypes().keySet()) {
            handle.execute("insert into interaction_type (key) values (?) on conflict (key) do nothing", type);
            types.put(
                    type,
                    handle.select("select id from interaction_type where key = ?", type)
                            .mapTo(Short.class)
                            .one());
        }
        for (var key : Shop.CATALOG.segmentKeys()) {
            segments.put(key, segments.size() + 1);
        }
        related.store();
        for (var i = 0; i < contacts; i++) {
            storeContact(i);
        }
        related.link();
        handle.execute("analyze contact, interaction, membership, profile, link, named_record");
    }

    private void storeContact(int number) {
        var id = handle.createUpdate("""
                        insert into contact (created_at, updated_at) values (now(), now())
                        """)
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one();
        var attributes = new HashMap<String, Object>();
        var custom = JSON.objectNode();
        var address = JSON.objectNode();
        var folded = JSON.objectNode();
        Shop.CATALOG.contactAttributes().forEach((name, declaration) -> {
            if (random.nextInt(4) == 0
                    && !name.equals("createdAt")
                    && !name.equals("updatedAt")
                    && !name.equals("state")) {
                return;
            }
            storeAttribute(id, number, name, declaration, attributes, custom, address, folded);
        });
        handle.execute(
                "update contact set attributes = ?::jsonb, address = ?::jsonb, folded = ?::jsonb where id = ?",
                custom.toString(),
                address.toString(),
                folded.toString(),
                id);
        attributes.putAll(StoredValues.read(custom, Shop.CATALOG.contactAttributes()));
        var record = related.addContact(id, attributes);
        states.put(id, new ContactState(attributes, storeInteractions(id), storeMemberships(id), record.related()));
    }

    private void storeAttribute(
            long id,
            int number,
            String name,
            Declaration declaration,
            Map<String, Object> attributes,
            ObjectNode custom,
            ObjectNode address,
            ObjectNode folded) {
        if (COLUMNS.containsKey(name)) {
            var text = name.equals("externalId") ? text() + number : text();
            attributes.put(name, text);
            folded.put(name, Fold.text(text));
            if (name.equals("businessUnit")) {
                handle.execute("""
                        insert into business_unit (key, name, created_at, created_by, updated_at, updated_by)
                        values (?, '', now(), '', now(), '') on conflict do nothing
                        """, text);
            }
            handle.execute("update contact set " + COLUMNS.get(name) + " = ? where id = ?", text, id);
        } else if (name.startsWith("address.")) {
            var text = text();
            attributes.put(name, text);
            folded.put(name, Fold.text(text));
            address.put(name.substring("address.".length()), text);
        } else if (name.equals("state")) {
            var state = values.pick(List.of("active", "inactive"));
            attributes.put(name, state);
            folded.put(name, state);
            handle.execute("update contact set state = ? where id = ?", state, id);
        } else if (name.equals("latitude") || name.equals("longitude")) {
            var coordinate = values.coordinate();
            attributes.put(name, StoredValues.number(coordinate));
            handle.execute("update contact set " + name + " = ? where id = ?", coordinate, id);
        } else if (name.equals("createdAt") || name.equals("updatedAt")) {
            var instant = values.instant();
            attributes.put(name, instant);
            handle.execute(
                    "update contact set " + name.replace("At", "_at") + " = ? where id = ?",
                    instant.atOffset(ZoneOffset.UTC),
                    id);
        } else {
            put(custom, folded, name, declaration);
        }
    }

    private Map<String, List<Occurrence>> storeInteractions(long contact) {
        var stored = new HashMap<String, List<Occurrence>>();
        for (var i = random.nextInt(6); i > 0; i--) {
            var type = values.pick(List.of("Purchase", "Purchase", "Return", "EmailOpened", "EmailClicked"));
            var declared = Shop.CATALOG.interactionTypes().getOrDefault(type, Map.of());
            var properties = JSON.objectNode();
            var folded = JSON.objectNode();
            declared.forEach((name, declaration) -> {
                var lookup = declaration.lookup();
                if (random.nextInt(3) > 0) {
                    put(properties, folded, name, declaration);
                    if (lookup != null && random.nextInt(5) > 0) {
                        properties.put(name, values.pick(related.names(lookup)));
                    }
                } else if (random.nextInt(10) == 0) {
                    properties.putNull(name);
                }
            });
            var occurredAt = values.instant();
            insert(contact, type, occurredAt, properties, folded);
            stored.computeIfAbsent(type, key -> new ArrayList<>())
                    .add(new Occurrence(occurredAt, followed(StoredValues.read(properties, declared), declared)));
        }
        stored.values().forEach(each -> each.sort(Comparator.comparing(Occurrence::occurredAt)));
        return stored;
    }

    /** With what is known of the records that the properties name. */
    private Map<String, Object> followed(Map<String, Object> properties, Map<String, Declaration> declared) {
        var all = new HashMap<>(properties);
        for (var follow : Shop.CATALOG.follows(declared)) {
            if (properties.get(follow.property()) instanceof String name) {
                related.named(follow.of(), name)
                        .forEach((attribute, value) -> all.put(follow.property() + "." + attribute, value));
            }
        }
        return all;
    }

    private void insert(long contact, String type, Instant occurredAt, ObjectNode properties, ObjectNode folded) {
        handle.execute(
                """
                insert into interaction
                    (contact_id, occurred_at, received_at, type_id, content_hash, id, journey, tile, properties, folded)
                values (?, ?, now(), ?, gen_random_uuid(), gen_random_uuid()::text, ?, ?, ?::jsonb, ?::jsonb)
                """,
                contact,
                occurredAt.atOffset(ZoneOffset.UTC),
                types.get(type),
                properties.path("journey").textValue(),
                properties.path("tile").textValue(),
                properties.isEmpty() ? null : properties.toString(),
                folded.isEmpty() ? null : folded.toString());
    }

    private void put(ObjectNode object, ObjectNode folded, String name, Declaration declaration) {
        put(values, random, object, folded, name, declaration);
    }

    /**
     * Any value that fits, and how it is folded; at times one that does not, as it may lie there from when nobody had declared
     * the attribute.
     */
    static void put(
            RandomValues values,
            Random random,
            ObjectNode object,
            ObjectNode folded,
            String name,
            Declaration declaration) {
        if (random.nextInt(8) == 0) {
            putUndeclared(values, random, object, folded, name);
            return;
        }
        switch (declaration.type()) {
            case TEXT, LOOKUP -> object.put(name, text(values));
            case OPTION -> object.put(name, values.pick(declaration.options()));
            case NUMBER -> object.put(name, values.number());
            case BOOLEAN -> object.put(name, random.nextBoolean());
            case DATE -> object.put(name, values.date().toString());
            case TIMESTAMP -> object.put(name, values.instant().toString());
            case OPTIONS ->
                object.set(
                        name,
                        options(random, declaration.options().isEmpty() ? RandomValues.TAGS : declaration.options()));
        }
        if (declaration.type().isFolded()) {
            var node = object.get(name);
            folded.set(name, node.isArray() ? fold((ArrayNode) node) : JSON.textNode(Fold.text(node.textValue())));
        }
    }

    private static void putUndeclared(
            RandomValues values, Random random, ObjectNode object, ObjectNode folded, String name) {
        switch (random.nextInt(6)) {
            case 0 -> object.put(name, values.number());
            case 1 -> object.put(name, random.nextBoolean());
            case 2 -> object.putArray(name).addArray();
            case 3 -> object.putObject(name).put(name, 1);
            default -> {
                var text = values.pick(ODD_TEXTS);
                object.put(name, text);
                folded.put(name, Fold.text(text));
            }
        }
    }

    private static ArrayNode options(Random random, List<String> all) {
        var chosen = JSON.arrayNode();
        all.stream().filter(option -> random.nextInt(3) == 0).forEach(chosen::add);
        return chosen;
    }

    private static ArrayNode fold(ArrayNode options) {
        var folded = JSON.arrayNode();
        options.forEach(option -> folded.add(Fold.text(option.textValue())));
        return folded;
    }

    private Set<String> storeMemberships(long contact) {
        var member = new HashSet<String>();
        segments.forEach((key, id) -> {
            if (random.nextInt(3) == 0) {
                member.add(key);
                handle.execute("insert into membership values (?, ?, now())", id, contact);
            }
        });
        return member;
    }

    private String text() {
        return text(values);
    }

    static String text(RandomValues values) {
        return Normalizer.normalize(values.text(), Normalizer.Form.NFC);
    }

    Set<Long> matching(Predicate<ContactState> predicate) {
        return states.entrySet().stream()
                .filter(entry -> predicate.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    Set<Long> selected(Sql sql) {
        return named(new Sql("select c.id from contact c where " + sql.text(), sql.values()));
    }

    /** Whom a SELECT names, each once. */
    Set<Long> named(Sql sql) {
        var query = handle.createQuery(sql.text());
        for (var i = 0; i < sql.values().size(); i++) {
            query.bind(i, sql.values().get(i));
        }
        return query.mapTo(Long.class).collect(Collectors.toSet());
    }
}
