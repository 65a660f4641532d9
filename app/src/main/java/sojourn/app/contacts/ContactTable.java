package sojourn.app.contacts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Writes contacts, many with one statement. */
final class ContactTable {

    /** A contact that is not there yet; without a UUID it gets one. */
    record New(@Nullable UUID uuid, ContactFields fields) {}

    private static final String UNNEST = """
            unnest(:keys, :externalIds, :emails, :phones, :firstNames, :lastNames, :locales, :timeZones, :addresses,
                   :latitudes, :longitudes, :owners, :businessUnits, :states, :attributes, :folded)
              as new (key, external_id, email, phone, first_name, last_name, locale, time_zone, address,
                      latitude, longitude, owner, business_unit, state, attributes, folded)
            """;

    private ContactTable() {}

    /** Adds contacts whose external ids are free; the others are left out. In the order of external ids. */
    static List<Contact> add(Handle handle, Collection<New> contacts, ContactShape shape, Instant now) {
        var sorted = contacts.stream()
                .sorted(Comparator.comparing(
                        (New added) -> added.fields().text("externalId"), Comparator.nullsFirst(String::compareTo)))
                .toList();
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
        return bind(statement, sorted.stream().map(New::fields).toList(), shape, now)
                .map(new ContactMapper())
                .list();
    }

    /** Gives contacts other fields. */
    static void update(Handle handle, Map<Long, ContactFields> contacts, ContactShape shape, Instant now) {
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
        bind(statement, fields, shape, now).execute();
    }

    /** The contacts of these external ids, locked in the order of their ids. */
    static Map<String, Contact> lock(Handle handle, Collection<String> externalIds) {
        var found = new HashMap<String, Contact>();
        for (var contact : handle.attach(ContactDao.class).lockAll(externalIds.toArray(String[]::new))) {
            found.put(String.valueOf(contact.externalId()), contact);
        }
        return found;
    }

    private static <S extends SqlStatement<S>> S bind(
            S statement, List<ContactFields> rows, ContactShape shape, Instant now) {
        return statement
                .bind("externalIds", texts(rows, "externalId"))
                .bind("emails", texts(rows, "email"))
                .bind("phones", texts(rows, "phone"))
                .bind("firstNames", texts(rows, "firstName"))
                .bind("lastNames", texts(rows, "lastName"))
                .bind("locales", texts(rows, "locale"))
                .bind("timeZones", texts(rows, "timeZone"))
                .bind("addresses", texts(rows, ContactFields::address))
                .bind(
                        "latitudes",
                        rows.stream().map(row -> row.number("latitude")).toArray(Double[]::new))
                .bind(
                        "longitudes",
                        rows.stream().map(row -> row.number("longitude")).toArray(Double[]::new))
                .bind("owners", texts(rows, "owner"))
                .bind("businessUnits", texts(rows, "businessUnit"))
                .bind("states", texts(rows, ContactFields::state))
                .bind("attributes", texts(rows, ContactFields::attributes))
                .bind("folded", texts(rows, row -> row.folded(shape)))
                .bind("now", now);
    }

    private static @Nullable String[] texts(List<ContactFields> rows, String name) {
        return texts(rows, row -> row.text(name));
    }

    private static @Nullable String[] texts(List<ContactFields> rows, Function<ContactFields, @Nullable String> field) {
        var texts = new ArrayList<@Nullable String>(rows.size());
        rows.forEach(row -> texts.add(field.apply(row)));
        return texts.toArray(String[]::new);
    }
}
