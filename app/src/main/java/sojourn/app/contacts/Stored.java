package sojourn.app.contacts;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A record as it lies in the database, a contact or one of another type. */
interface Stored {

    /** The short key inside the house. */
    long id();

    UUID uuid();

    @Nullable
    String externalId();

    /** How lookup attributes of other records name it. */
    default String name() {
        var externalId = externalId();
        return externalId == null ? uuid().toString() : externalId;
    }
}
