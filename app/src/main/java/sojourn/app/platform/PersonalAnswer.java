package sojourn.app.platform;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An answer that may tell about a person. What {@link Idempotency} has stored of it goes when the contact is erased;
 * whoever sends the request again then has it done again.
 */
public interface PersonalAnswer {

    /** Whom it tells about; null where it may be anybody, so that it goes with whoever is erased first. */
    @Nullable
    UUID contactId();

    /** False for one that happens to have nothing personal. */
    default boolean personal() {
        return true;
    }
}
