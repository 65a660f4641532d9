package sojourn.app.segments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.ValueType;
import sojourn.app.platform.Json;
import sojourn.app.segments.language.ContactState;
import sojourn.app.segments.language.ContactState.Occurrence;
import sojourn.app.segments.language.Hop;
import sojourn.app.segments.language.Needs;
import sojourn.app.segments.language.RelatedRecord;
import sojourn.app.segments.language.StoredValues;

/**
 * Loads what queries can see of contacts: one query for the contacts, one for their
 * interactions, one for memberships, and what related records take.
 */
public final class ContactStates {

    static final String BUSINESS_UNIT = "businessUnit";

    private static final ObjectMapper JSON = Json.mapper();

    private static final RelatedRecord NOTHING = new RelatedRecord(Map.of());

    private final Vocabulary vocabulary;

    ContactStates(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** The states of these contacts by id, as far as they are needed; erased contacts are left out. */
    public Map<Long, ContactState> load(Handle handle, Collection<Long> contacts, Needs needs) {
        return load(handle, contacts, needs, Horizon.NONE);
    }

    /** The same, without the interactions that lie beyond a horizon. */
    Map<Long, ContactState> load(Handle handle, Collection<Long> contacts, Needs needs, Horizon horizon) {
        var words = vocabulary.read(handle);
        var ids = contacts.toArray(Long[]::new);
        var attributes = attributes(handle, ids, words.catalog().contactAttributes());
        var interactions = interactions(handle, ids, needs, words, horizon);
        var segments = segments(handle, ids, needs.segments());
        var related = new RelatedRecords(handle, words).load(attributes.keySet(), needs.paths());
        var states = new HashMap<Long, ContactState>();
        attributes.forEach((contact, values) -> states.put(
                contact,
                new ContactState(
                        values,
                        interactions.getOrDefault(contact, Map.of()),
                        segments.getOrDefault(contact, Set.of()),
                        related.getOrDefault(contact, NOTHING).related())));
        return states;
    }

    /** What several queries need together. */
    static Needs together(Collection<Needs> needs) {
        var attributes = new HashSet<String>();
        var types = new HashSet<String>();
        var segments = new HashSet<String>();
        var blocks = new ArrayList<Needs.Block>();
        var follows = new HashSet<Needs.Following>();
        var paths = new HashSet<List<Hop>>();
        for (var one : needs) {
            attributes.addAll(one.attributes());
            types.addAll(one.types());
            segments.addAll(one.segments());
            blocks.addAll(one.blocks());
            follows.addAll(one.follows());
            paths.addAll(one.paths());
        }
        return new Needs(
                attributes,
                types,
                needs.stream().anyMatch(Needs::anyType),
                segments,
                blocks,
                follows,
                paths,
                needs.stream().anyMatch(Needs::profileReadsClock),
                needs.stream().anyMatch(Needs::readsTime));
    }

    /** What one contact has of attributes; nothing when it was erased. */
    Map<String, Object> attributes(Handle handle, long contact) {
        var declared = vocabulary.read(handle).catalog().contactAttributes();
        return attributes(handle, new Long[] {contact}, declared).getOrDefault(contact, Map.of());
    }

    static Map<Long, Map<String, Object>> attributes(
            Handle handle, Long[] contacts, Map<String, Declaration> declared) {
        var found = new HashMap<Long, Map<String, Object>>();
        handle.createQuery("select * from contact where id = any(:contacts) and state <> 'erased'")
                .bind("contacts", contacts)
                .map((row, _) -> Map.entry(row.getLong("id"), attributes(row, declared)))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    private static Map<String, Object> attributes(ResultSet row, Map<String, Declaration> declared)
            throws SQLException {
        var values = stored(row, declared);
        put(values, "externalId", row.getString("external_id"));
        put(values, "email", row.getString("email"));
        put(values, "phone", row.getString("phone"));
        put(values, "firstName", row.getString("first_name"));
        put(values, "lastName", row.getString("last_name"));
        put(values, "locale", row.getString("locale"));
        put(values, "timeZone", row.getString("time_zone"));
        put(values, "owner", row.getString("owner"));
        put(values, BUSINESS_UNIT, row.getString("business_unit"));
        put(values, "state", row.getString("state"));
        put(values, "latitude", number(row, "latitude"));
        put(values, "longitude", number(row, "longitude"));
        put(values, "createdAt", instant(row, "created_at"));
        put(values, "updatedAt", instant(row, "updated_at"));
        json(row.getString("address"))
                .properties()
                .forEach(part ->
                        put(values, "address." + part.getKey(), StoredValues.read(part.getValue(), ValueType.TEXT)));
        return values;
    }

    /** The declared attributes of a row of {@code contact} or {@code profile}. */
    static Map<String, Object> stored(ResultSet row, Map<String, Declaration> declared) throws SQLException {
        return StoredValues.read(json(row.getString("attributes")), declared);
    }

    static void put(Map<String, Object> values, String name, @Nullable Object value) {
        if (value != null) {
            values.put(name, value);
        }
    }

    private static @Nullable BigDecimal number(ResultSet row, String column) throws SQLException {
        var value = row.getObject(column, Double.class);
        return value == null ? null : StoredValues.number(value);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static Map<Long, Map<String, List<Occurrence>>> interactions(
            Handle handle, Long[] contacts, Needs needs, Vocabulary.Words words, Horizon horizon) {
        var keys = new HashMap<Short, String>();
        words.typeIds().forEach((key, id) -> {
            if (needs.anyType() || needs.types().contains(key)) {
                keys.put(id, key);
            }
        });
        var found = new HashMap<Long, Map<String, List<Occurrence>>>();
        if (keys.isEmpty()) {
            return found;
        }
        var facts = facts(handle, contacts, keys, words, horizon);
        for (var following : needs.follows()) {
            FollowedRecords.addTo(
                    handle,
                    facts.stream()
                            .filter(fact -> following.isOf(fact.type()))
                            .map(Fact::values)
                            .toList(),
                    following.follow(),
                    words.catalog().attributes(following.follow()));
        }
        for (var fact : facts) {
            found.computeIfAbsent(fact.contact(), _ -> new HashMap<>())
                    .computeIfAbsent(fact.type(), _ -> new ArrayList<>())
                    .add(new Occurrence(fact.at(), fact.values()));
        }
        return found;
    }

    private record Fact(long contact, String type, Instant at, Map<String, Object> values) {}

    /** The oldest of a contact first. */
    private static List<Fact> facts(
            Handle handle, Long[] contacts, Map<Short, String> types, Vocabulary.Words words, Horizon horizon) {
        var declared = words.catalog().interactionTypes();
        var asked = List.copyOf(types.entrySet());
        var after = asked.stream().map(type -> horizon.of(type.getValue())).toList();
        return handle.createQuery("""
                        select contact_id, type_id, occurred_at, properties
                        from interaction
                        where contact_id = any(:contacts) and type_id = any(:types)
                          and occurred_at > :earliest::timestamptz
                          and occurred_at > (:after::text[]::timestamptz[])[array_position(:types, type_id)]
                        order by contact_id, occurred_at
                        """)
                .bind("contacts", contacts)
                .bind("types", asked.stream().map(Map.Entry::getKey).toArray(Short[]::new))
                // One bound for all, by which the planner leaves out partitions; then that of each type.
                .bind("earliest", Horizon.timestamp(Collections.min(after)))
                .bind("after", after.stream().map(Horizon::timestamp).toArray(String[]::new))
                .map((row, _) -> {
                    var type = types.getOrDefault(row.getShort("type_id"), "");
                    var values =
                            StoredValues.read(json(row.getString("properties")), declared.getOrDefault(type, Map.of()));
                    return new Fact(row.getLong("contact_id"), type, instant(row, "occurred_at"), values);
                })
                .list();
    }

    private static Map<Long, Set<String>> segments(Handle handle, Long[] contacts, Set<String> keys) {
        var found = new HashMap<Long, Set<String>>();
        if (keys.isEmpty()) {
            return found;
        }
        handle.createQuery("""
                        select m.contact_id, s.key
                        from segment s
                        join membership m on m.segment_id = s.id and m.contact_id = any(:contacts)
                        where s.key = any(:keys)
                        """)
                .bind("contacts", contacts)
                .bind("keys", keys.toArray(String[]::new))
                .map((row, _) -> Map.entry(row.getLong(1), row.getString(2)))
                .forEach(entry -> found.computeIfAbsent(entry.getKey(), _ -> new HashSet<>())
                        .add(entry.getValue()));
        return found;
    }

    private static JsonNode json(@Nullable String text) throws SQLException {
        try {
            return text == null ? JSON.createObjectNode() : JSON.readTree(text);
        } catch (JsonProcessingException unreadable) {
            throw new SQLException("stored JSON cannot be read", unreadable);
        }
    }
}
