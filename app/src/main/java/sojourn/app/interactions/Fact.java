package sojourn.app.interactions;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An interaction that has been checked, as it goes into the database.
 *
 * @param contentHash says whether another with the same id is the same fact
 * @param properties as JSON, null when there are none
 * @param folded its text and option properties as queries compare them, as JSON, null when there are none
 * @param lookups the records other than contacts that its properties name, as JSON, null when there are none
 */
record Fact(
        String id,
        UUID contentHash,
        long contactId,
        InteractionType type,
        Instant occurredAt,
        @Nullable String bindingKey,
        @Nullable String journey,
        @Nullable String tile,
        @Nullable String properties,
        @Nullable String folded,
        @Nullable String lookups) {}
