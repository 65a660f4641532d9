package sojourn.app.contacts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is known about a contact, by attribute name as queries write it, and how it lies in the table's columns. */
record ContactFields(Map<String, Object> values) {

    static final ContactFields NONE = new ContactFields(Map.of());

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();
    private static final String ADDRESS = "address.";

    static ContactFields of(Contact contact) {
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
        return withoutNulls(values);
    }

    ContactFields with(FieldChanges changes) {
        var merged = new HashMap<String, @Nullable Object>(values);
        if (changes.clearsAttributes()) {
            merged.keySet().removeIf(name -> !BuiltInAttributes.all().containsKey(name));
        }
        merged.putAll(changes.values());
        return withoutNulls(merged);
    }

    @Nullable
    String text(String name) {
        return (String) values.get(name);
    }

    @Nullable
    Double number(String name) {
        return (Double) values.get(name);
    }

    String state() {
        var state = text("state");
        return state == null ? Contact.ACTIVE : state;
    }

    String address() {
        var address = new LinkedHashMap<String, Object>();
        values.forEach((name, value) -> {
            if (name.startsWith(ADDRESS)) {
                address.put(name.substring(ADDRESS.length()), value);
            }
        });
        return json(address);
    }

    /** Custom values. */
    String attributes() {
        var attributes = new LinkedHashMap<>(values);
        attributes.keySet().removeAll(BuiltInAttributes.all().keySet());
        return json(attributes);
    }

    /** Every text and option, built-in ones too, as queries compare them. */
    String folded(ContactShape shape) {
        var folded = new LinkedHashMap<String, Object>();
        values.forEach((name, value) -> {
            var declaration = shape.attributes().get(name);
            if (declaration == null
                    ? value instanceof String
                    : declaration.type().isFolded()) {
                folded.put(name, Fold.value(value));
            }
        });
        folded.put("state", state());
        return json(folded);
    }

    private static ContactFields withoutNulls(Map<String, @Nullable Object> values) {
        var present = new TreeMap<String, Object>();
        values.forEach((name, value) -> {
            if (value != null) {
                present.put(name, value);
            }
        });
        return new ContactFields(present);
    }

    private static String json(Map<String, Object> object) {
        try {
            return JSON.writeValueAsString(object);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
