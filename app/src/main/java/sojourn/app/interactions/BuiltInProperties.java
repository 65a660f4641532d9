package sojourn.app.interactions;

import static sojourn.app.contacts.ValueType.BOOLEAN;
import static sojourn.app.contacts.ValueType.NUMBER;
import static sojourn.app.contacts.ValueType.TEXT;
import static sojourn.app.contacts.ValueType.TIMESTAMP;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.ValueType;

/** Properties that an interaction of any type may carry without a declaration. The names are reserved. */
public final class BuiltInProperties {

    private static final Map<String, Declaration> ALL = make();
    private static final Set<String> KEYS = Set.of("journey", "tile", "message", "form", "event", "topic");

    /** The profile type whose records registrations and check-ins name. */
    private static final String EVENT = "event";

    private BuiltInProperties() {}

    public static Map<String, Declaration> all() {
        return ALL;
    }

    /** Whether a property names a record by its key, or a tile, and so compares exactly. */
    public static boolean isKey(String property) {
        return KEYS.contains(property);
    }

    private static Map<String, Declaration> make() {
        var all = new LinkedHashMap<String, Declaration>();
        add(all, TEXT, "journey");
        add(all, NUMBER, "version");
        add(all, TEXT, "tile");
        add(all, NUMBER, "pass");
        add(all, TEXT, "branch", "variant", "outcome", "message", "channel", "link");
        add(all, BOOLEAN, "machine");
        add(all, TEXT, "reason", "run");
        add(all, TIMESTAMP, "runEnteredAt", "tileEnteredAt");
        add(all, NUMBER, "delta");
        add(all, TEXT, "form", "topic", "task");
        all.put("event", Declaration.naming(EVENT));
        return Collections.unmodifiableMap(all);
    }

    private static void add(Map<String, Declaration> all, ValueType type, String... names) {
        for (var name : names) {
            all.put(name, Declaration.of(type));
        }
    }
}
