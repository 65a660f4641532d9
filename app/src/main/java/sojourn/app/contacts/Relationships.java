package sojourn.app.contacts;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** The relationships there are. */
public final class Relationships {

    private Relationships() {}

    /** By key, the oldest first. */
    public static Map<String, Relationship> all(Handle handle) {
        var all = new LinkedHashMap<String, Relationship>();
        for (var relationship : handle.attach(RelationshipDao.class).all()) {
            all.put(relationship.key(), relationship);
        }
        return Collections.unmodifiableMap(all);
    }
}
