package sojourn.app.contacts;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Records.Found;

/**
 * Values that were stored while nobody had declared their attributes, as the declarations want them.
 *
 * @param lookups what those name that become lookups, by type and name
 */
record FittingValues(Map<String, Declaration> declared, Map<String, Map<String, Found>> lookups) {

    /** For these values of records, by attribute. */
    static FittingValues of(Handle handle, Map<String, Declaration> declared, Collection<Map<String, Object>> records) {
        var names = new TreeMap<String, TreeSet<String>>();
        declared.forEach((attribute, declaration) -> {
            var type = declaration.lookup();
            for (var values : records) {
                var stored = values.get(attribute);
                if (type != null && stored != null) {
                    names.computeIfAbsent(type, _ -> new TreeSet<>()).add(text(stored));
                }
            }
        });
        var found = new HashMap<String, Map<String, Found>>();
        names.forEach((type, some) -> found.put(type, Records.named(handle, type, some)));
        return new FittingValues(declared, found);
    }

    /** A value of one of the attributes; null when there is nothing in it. */
    @Nullable
    Object of(String attribute, Object stored) throws Unfit {
        var declaration = declared.get(attribute);
        var value = declaration == null ? stored : fit(declaration, stored);
        if (declaration == null || declaration.lookup() == null || value == null) {
            return value;
        }
        var found = lookups.getOrDefault(declaration.lookup(), Map.of()).get(value.toString());
        if (found == null) {
            throw new Unfit("unknown-record", "there is no " + declaration.lookup() + " of this external id or id");
        }
        return found.name();
    }

    /**
     * As JSON that has the value would be taken, or else as a cell of a table that has it: cells were stored as texts, and
     * one's numbers are another's texts.
     */
    static @Nullable Object fit(Declaration declaration, Object stored) throws Unfit {
        try {
            return Values.fromJson(declaration, stored);
        } catch (Unfit unfit) {
            return Values.fromText(declaration, text(stored));
        }
    }

    private static String text(Object stored) {
        return stored instanceof BigDecimal number ? number.toPlainString() : stored.toString();
    }
}
