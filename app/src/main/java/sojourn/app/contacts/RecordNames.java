package sojourn.app.contacts;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What records are called by those that look them up: their external ids, or their UUIDs where they have none. */
public final class RecordNames {

    /** Changes names that a feature keeps, in the transaction in which records are called otherwise. */
    @FunctionalInterface
    public interface Keeper {

        /**
         * A record has another name, or shall not be named any more.
         *
         * @param type the key of its profile type
         * @param name null when what named it is to be cleared
         */
        void renamed(Handle handle, String type, String old, @Nullable String name, Instant now);
    }

    private RecordNames() {}

    /**
     * The names of the records of a type that these external ids and UUIDs mean, by them; what means none is left out. Those that
     * are found keep their names until the transaction ends.
     */
    public static Map<String, String> held(Handle handle, String type, Collection<String> names) {
        var held = new HashMap<String, String>();
        Records.named(handle, type, names).forEach((name, record) -> held.put(name, record.name()));
        return held;
    }
}
