package sojourn.app.interactions;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Traits of an identify call as fields of a contact; remembers which trait each came from. */
final class SegmentIoTraits {

    private static final Map<String, String> FIELDS = Map.of(
            "email", "email",
            "phone", "phone",
            "firstName", "firstName",
            "lastName", "lastName",
            "locale", "locale",
            "timeZone", "timeZone",
            "timezone", "timeZone");

    private static final Map<String, String> ADDRESS =
            Map.of("city", "city", "state", "region", "postalCode", "postalCode", "country", "country");

    /** Told by the call itself, or by us. */
    private static final Set<String> PASSED_OVER = Set.of("id", "createdAt");

    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> address = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> attributes = new LinkedHashMap<>();

    /** Pointers to traits by pointers to fields. */
    private final Map<String, String> origins = new HashMap<>();

    SegmentIoTraits(Map<String, @Nullable Object> traits) {
        traits.forEach((name, value) -> {
            var pointer = pointer(name);
            var field = FIELDS.get(name);
            if (field != null) {
                put(fields, "", field, value, pointer);
            } else if (name.equals("address") && value instanceof Map<?, ?> parts) {
                parts.forEach((part, of) -> {
                    var key = String.valueOf(part);
                    put(address, "/address", ADDRESS.getOrDefault(key, key), of, pointer + pointerTo(key));
                });
            } else if (name.equals("address")) {
                put(fields, "", name, value, pointer);
            } else if (!name.equals("name") && !PASSED_OVER.contains(name)) {
                put(attributes, "/attributes", name, value, pointer);
            }
        });
        if (!fields.containsKey("firstName") && !fields.containsKey("lastName")) {
            putName(traits.get("name"));
        }
    }

    /** As the API takes them. */
    Map<String, @Nullable Object> fields() {
        var all = new LinkedHashMap<String, @Nullable Object>(fields);
        if (!address.isEmpty()) {
            all.put("address", address);
        }
        if (!attributes.isEmpty()) {
            all.put("attributes", attributes);
        }
        return all;
    }

    /** Where a field came from. */
    String origin(@Nullable String field) {
        return origins.getOrDefault(String.valueOf(field), "/traits");
    }

    /** The last word of a full name is the last name. */
    private void putName(@Nullable Object value) {
        if (!(value instanceof String text)) {
            if (value != null) {
                put(fields, "", "lastName", value, pointer("name"));
            }
            return;
        }
        var name = text.strip();
        var last = name.lastIndexOf(' ');
        put(fields, "", "firstName", last < 0 ? name : name.substring(0, last).strip(), pointer("name"));
        if (last >= 0) {
            put(fields, "", "lastName", name.substring(last + 1), pointer("name"));
        }
    }

    private void put(
            Map<String, @Nullable Object> into, String prefix, String key, @Nullable Object value, String origin) {
        into.put(key, value);
        origins.put(prefix + pointerTo(key), origin);
    }

    private static String pointer(String trait) {
        return "/traits" + pointerTo(trait);
    }

    private static String pointerTo(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
