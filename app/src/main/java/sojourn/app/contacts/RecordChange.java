package sojourn.app.contacts;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What was made or changed of one record, for one of the contacts concerned: the contact itself, or one that the record names by a
 * lookup.
 *
 * @param type the key of the record's profile type
 * @param record the record's id
 * @param version the record's version that came of it
 * @param contact the contact's short key
 * @param updates what was changed; none of a record that is new
 */
public record RecordChange(String type, UUID record, int version, long contact, List<Update> updates) {

    public RecordChange {
        updates = List.copyOf(updates);
    }

    /**
     * An attribute and its values as text, null where there is none. Contact points, external ids and names of contacts are not
     * told.
     */
    public record Update(
            String attribute,
            @Nullable String oldValue,
            @Nullable String newValue) {}

    /** Is told of changes to types that {@code recordChanges}, in the transaction that makes them. */
    @FunctionalInterface
    public interface Listener {
        void changed(Handle handle, List<RecordChange> changes, Instant at);
    }
}
