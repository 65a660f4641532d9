package sojourn.app.contacts;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** What has become of some declarations, for the audit log: keys, since what they hold is no deed. */
public final class DeclaredChanges {

    private DeclaredChanges() {}

    /** The keys that were {@code added}, {@code changed} and {@code removed}, each where there are some. */
    public static Map<String, Object> of(Map<String, Declaration> before, Map<String, Declaration> after) {
        var added = new TreeSet<>(after.keySet());
        added.removeAll(before.keySet());
        var removed = new TreeSet<>(before.keySet());
        removed.removeAll(after.keySet());
        var changed = new TreeSet<>(after.keySet());
        changed.removeAll(added);
        changed.removeIf(key -> Objects.equals(after.get(key), before.get(key)));
        var all = new TreeMap<String, Object>(Map.of("added", added, "changed", changed, "removed", removed));
        all.values().removeIf(keys -> ((Collection<?>) keys).isEmpty());
        return all;
    }
}
