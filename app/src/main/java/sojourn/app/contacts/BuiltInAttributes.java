package sojourn.app.contacts;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What every contact, or every record of another type, may have without a declaration. The names are reserved. */
public final class BuiltInAttributes {

    private static final Map<String, Declaration> ALL = make();
    private static final Map<String, Declaration> OF_PROFILES = ofProfiles();

    private BuiltInAttributes() {}

    /** Those of a profile type, contact included, by name. */
    public static Map<String, Declaration> of(String type) {
        return type.equals(ProfileTypes.CONTACT) ? ALL : OF_PROFILES;
    }

    /** Those of contacts, by name as segment queries and CSV headers write it, e.g. {@code address.city}. */
    public static Map<String, Declaration> all() {
        return ALL;
    }

    private static Map<String, Declaration> ofProfiles() {
        var all = new LinkedHashMap<String, Declaration>();
        all.put("externalId", Declaration.of(ValueType.TEXT));
        all.put("createdAt", Declaration.of(ValueType.TIMESTAMP));
        all.put("updatedAt", Declaration.of(ValueType.TIMESTAMP));
        return Collections.unmodifiableMap(all);
    }

    private static Map<String, Declaration> make() {
        var all = new LinkedHashMap<String, Declaration>();
        for (var name : new String[] {
            "externalId",
            "email",
            "phone",
            "firstName",
            "lastName",
            "locale",
            "timeZone",
            "address.city",
            "address.region",
            "address.postalCode",
            "address.country"
        }) {
            all.put(name, Declaration.of(ValueType.TEXT));
        }
        all.put("latitude", Declaration.of(ValueType.NUMBER));
        all.put("longitude", Declaration.of(ValueType.NUMBER));
        all.put("owner", Declaration.of(ValueType.TEXT));
        all.put("businessUnit", Declaration.of(ValueType.TEXT));
        all.put("state", Declaration.option("active", "inactive"));
        all.put("createdAt", Declaration.of(ValueType.TIMESTAMP));
        all.put("updatedAt", Declaration.of(ValueType.TIMESTAMP));
        return Collections.unmodifiableMap(all);
    }
}
