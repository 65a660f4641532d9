package sojourn.app.interactions;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What can happen to a contact. */
public final class InteractionTypes {

    private final Jdbi jdbi;

    public InteractionTypes(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Every type by key, built-in ones too. */
    public Map<String, InteractionType> all() {
        return jdbi.withHandle(InteractionTypes::all);
    }

    /** The same, within the caller's transaction. */
    public static Map<String, InteractionType> all(Handle handle) {
        var types = new LinkedHashMap<String, InteractionType>();
        for (var row : handle.attach(InteractionTypeDao.class).all()) {
            types.put(row.key(), row.type());
        }
        return Collections.unmodifiableMap(types);
    }
}
