package sojourn.app.journeys;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What decided a stay at a tile, as it was then. Of a person: it is kept in PostgreSQL alone, and goes when the contact is erased.
 *
 * @param values what the condition asked for, by the names that it has for them, {@code SEGMENT(vip)} too; null for what the
 *     contact did not have. Null where no condition decided
 * @param interaction the type of what was waited for and came; null where none did
 * @param occurredAt when that happened, or when the contact became to the segment what was waited for
 * @param properties what the interaction says by what its filter asked for
 */
public record Seen(
        @Nullable Map<String, @Nullable Object> values,
        @Nullable String interaction,
        @Nullable Instant occurredAt,
        @Nullable Map<String, @Nullable Object> properties) {

    static Seen ofValues(Map<String, @Nullable Object> values) {
        return new Seen(values, null, null, null);
    }
}
