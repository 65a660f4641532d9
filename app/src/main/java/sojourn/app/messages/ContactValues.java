package sojourn.app.messages;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contact;

/** A contact as templates see it: {@code contact.firstName}, {@code contact.address.city}, {@code contact.tier}. */
public final class ContactValues {

    private ContactValues() {}

    public static Map<String, Object> of(Contact contact) {
        // Custom attributes first: a built-in name is never taken by one.
        var values = new HashMap<String, Object>(contact.attributes());
        values.put("attributes", contact.attributes());
        values.put("id", contact.uuid().toString());
        put(values, "externalId", contact.externalId());
        put(values, "email", contact.email());
        put(values, "phone", contact.phone());
        put(values, "firstName", contact.firstName());
        put(values, "lastName", contact.lastName());
        put(values, "locale", contact.locale());
        put(values, "timeZone", contact.timeZone());
        put(values, "latitude", contact.latitude());
        put(values, "longitude", contact.longitude());
        put(values, "owner", contact.owner());
        put(values, "businessUnit", contact.businessUnit());
        values.put("state", contact.state());
        values.put("createdAt", contact.createdAt().toString());
        values.put("updatedAt", contact.updatedAt().toString());
        var address = new HashMap<String, Object>();
        put(address, "city", contact.address().city());
        put(address, "region", contact.address().region());
        put(address, "postalCode", contact.address().postalCode());
        put(address, "country", contact.address().country());
        values.put("address", address);
        return values;
    }

    private static void put(Map<String, Object> values, String name, @Nullable Object value) {
        if (value != null) {
            values.put(name, value);
        }
    }
}
