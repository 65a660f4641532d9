package sojourn.app.journeys;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneId;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Whether an interaction is one that a journey's document means. */
interface FactFilter {

    /** An interaction as far as conditions look at it; as stored. */
    record Fact(String type, Instant occurredAt, JsonNode properties) {}

    /**
     * Whether it passes a filter.
     *
     * @param filter condition of the segment language over the type's properties; null lets all pass
     * @param zone in which its dates are meant
     */
    boolean matches(Handle handle, Fact fact, @Nullable String filter, ZoneId zone, Instant now);
}
