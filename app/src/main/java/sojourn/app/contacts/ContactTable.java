package sojourn.app.contacts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** The table of contacts, written many with one statement. */
final class ContactTable implements RecordTable<Contact> {

    private static final String ADDRESS = "address.";

    private static final String UNNEST = """
            unnest(:keys, :externalIds, :emails, :phones, :firstNames, :lastNames, :locales, :timeZones, :addresses,
                   :latitudes, :longitudes, :owners, :businessUnits, :states, :attributes, :folded)
              as new (key, external_id, email, phone, first_name, last_name, locale, time_zone, address,
                      latitude, longitude, owner, business_unit, state, attributes, folded)
            """;

    private final Handle handle;
    private final Shape shape;

    ContactTable(Handle handle, Shape shape) {
        this.handle = handle;
        this.shape = shape;
    }

    @Override
    public Fields fields(Contact contact) {
        var values = new HashMap<String, @Nullable Object>(contact.attributes());
        values.put("externalId", contact.externalId());
        values.put("email", contact.email());
        values.put("phone", contact.phone());
        values.put("firstName", contact.firstName());
        values.put("lastName", contact.lastName());
        values.put("locale", contact.locale());
        values.put("timeZone", contact.timeZone());
        values.put("address.city", contact.address().city());
        values.put("address.region", contact.address().region());
        values.put("address.postalCode", contact.address().postalCode());
        values.put("address.country", contact.address().country());
        values.put("latitude", contact.latitude());
        values.put("longitude", contact.longitude());
        values.put("owner", contact.owner());
        values.put("businessUnit", contact.businessUnit());
        values.put("state", contact.state());
        return Fields.of(ProfileTypes.CONTACT, values);
    }

    @Override
    public int version(Contact contact) {
        return contact.version();
    }

    @Override
    public List<Contact> add(Collection<New> contacts, Instant now) {
        var sorted = RecordTable.inOrder(contacts);
        var statement = handle.createQuery("""
                insert into contact (uuid, external_id, email, phone, first_name, last_name, locale, time_zone, address,
                                     latitude, longitude, owner, business_unit, state, attributes, folded, created_at, updated_at)
                select coalesce(key, uuidv7()), external_id, email, phone, first_name, last_name, locale, time_zone,
                       address::jsonb, latitude, longitude, owner, business_unit, state, attributes::jsonb, folded::jsonb, :now, :now
                from %s
                on conflict do nothing
                returning *
                """.formatted(UNNEST))
                .bind("keys", sorted.stream().map(New::uuid).toArray(UUID[]::new));
        return bind(statement, sorted.stream().map(New::fields).toList(), now)
                .map(new ContactMapper())
                .list();
    }

    @Override
    public void update(Map<Long, Fields> contacts, Instant now) {
        var ids = contacts.keySet().stream().sorted().toList();
        var fields = ids.stream().map(contacts::get).toList();
        var statement = handle.createUpdate("""
                update contact set
                  external_id = new.external_id, email = new.email, phone = new.phone, first_name = new.first_name,
                  last_name = new.last_name, locale = new.locale, time_zone = new.time_zone, address = new.address::jsonb,
                  latitude = new.latitude, longitude = new.longitude, owner = new.owner,
                  business_unit = new.business_unit, state = new.state, attributes = new.attributes::jsonb, folded = new.folded::jsonb,
                  version = version + 1, updated_at = :now
                from %s
                where contact.id = new.key
                """.formatted(UNNEST)).bind("keys", ids.toArray(Long[]::new));
        bind(statement, fields, now).execute();
    }

    @Override
    public Map<String, Contact> lock(Collection<String> externalIds) {
        var found = new HashMap<String, Contact>();
        for (var contact : handle.attach(ContactDao.class).lockAll(externalIds.toArray(String[]::new))) {
            found.put(String.valueOf(contact.externalId()), contact);
        }
        if (found.size() < externalIds.size()) {
            lockMerged(externalIds, found);
        }
        return found;
    }

    @Override
    public Map<UUID, Contact> lockByUuid(Collection<UUID> uuids) {
        var ids = new HashMap<UUID, Long>();
        handle.createQuery("select uuid, coalesce(merged_into, id) from contact where uuid = any(:uuids)")
                .bind("uuids", uuids.toArray(UUID[]::new))
                .map((row, _) -> Map.entry(row.getObject(1, UUID.class), row.getLong(2)))
                .forEach(entry -> ids.put(entry.getKey(), entry.getValue()));
        var contacts = new HashMap<Long, Contact>();
        for (var contact : handle.attach(ContactDao.class).lockAll(ids.values().toArray(Long[]::new))) {
            contacts.put(contact.id(), contact);
        }
        var found = new HashMap<UUID, Contact>();
        ids.forEach((uuid, id) -> {
            var contact = contacts.get(id);
            if (contact != null && !contact.state().equals(Contact.ERASED)) {
                found.put(uuid, contact);
            }
        });
        return found;
    }

    /** Those that the others of these external ids lead to, since somebody of that name was merged into them. */
    private void lockMerged(Collection<String> externalIds, Map<String, Contact> found) {
        var aliases = Aliases.byExternalId(
                handle,
                externalIds.stream().filter(name -> !found.containsKey(name)).toList());
        if (aliases.isEmpty()) {
            return;
        }
        var winners = new HashMap<Long, Contact>();
        for (var contact :
                handle.attach(ContactDao.class).lockAll(aliases.values().toArray(Long[]::new))) {
            winners.put(contact.id(), contact);
        }
        aliases.forEach((alias, id) -> {
            var winner = winners.get(id);
            if (winner != null) {
                found.put(alias, winner);
            }
        });
    }

    private <S extends SqlStatement<S>> S bind(S statement, List<Fields> rows, Instant now) {
        return statement
                .bind("externalIds", texts(rows, "externalId"))
                .bind("emails", texts(rows, "email"))
                .bind("phones", texts(rows, "phone"))
                .bind("firstNames", texts(rows, "firstName"))
                .bind("lastNames", texts(rows, "lastName"))
                .bind("locales", texts(rows, "locale"))
                .bind("timeZones", texts(rows, "timeZone"))
                .bind("addresses", texts(rows, ContactTable::address))
                .bind(
                        "latitudes",
                        rows.stream().map(row -> row.number("latitude")).toArray(Double[]::new))
                .bind(
                        "longitudes",
                        rows.stream().map(row -> row.number("longitude")).toArray(Double[]::new))
                .bind("owners", texts(rows, "owner"))
                .bind("businessUnits", texts(rows, "businessUnit"))
                .bind("states", texts(rows, ContactTable::state))
                .bind("attributes", texts(rows, Fields::attributes))
                .bind("folded", texts(rows, this::folded))
                .bind("now", now);
    }

    private static String state(Fields fields) {
        var state = fields.text("state");
        return state == null ? Contact.ACTIVE : state;
    }

    private static String address(Fields fields) {
        var address = new LinkedHashMap<String, Object>();
        fields.values().forEach((name, value) -> {
            if (name.startsWith(ADDRESS)) {
                address.put(name.substring(ADDRESS.length()), value);
            }
        });
        return Fields.json(address);
    }

    private String folded(Fields fields) {
        var folded = fields.folded(shape);
        folded.put("state", state(fields));
        return Fields.json(folded);
    }

    private static @Nullable String[] texts(List<Fields> rows, String name) {
        return texts(rows, row -> row.text(name));
    }

    private static @Nullable String[] texts(List<Fields> rows, Function<Fields, @Nullable String> field) {
        var texts = new ArrayList<@Nullable String>(rows.size());
        rows.forEach(row -> texts.add(field.apply(row)));
        return texts.toArray(String[]::new);
    }
}
