package sojourn.app.journeys;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import org.jdbi.v3.core.mapper.reflect.ColumnName;
import org.jspecify.annotations.Nullable;

/**
 * Something that has become of a journey, as the API shows it.
 *
 * @param number its place in the order in which they happened
 * @param what one of {@link Milestones.Kind}
 * @param by who did it; {@code sojourn} what happened by itself
 * @param version that was live then; null before the first
 * @param reason as given by whoever did it
 */
public record Milestone(
        @JsonIgnore @ColumnName("id") long number,
        @ColumnName("kind") String what,
        Instant at,
        String by,
        @Nullable Integer version,
        @Nullable String reason) {}
