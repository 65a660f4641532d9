package sojourn.app.journeys;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One stay of a run at a tile, as PostgreSQL has it.
 *
 * @param held by how much pauses have made its wait longer
 * @param branch by which it was left; the variant of a test, from when it is given
 */
record VisitRow(
        UUID runId,
        int no,
        String tile,
        String type,
        int pass,
        Instant enteredAt,
        @Nullable Instant leftAt,
        Duration held,
        String status,
        @Nullable String outcome,
        @Nullable String branch) {}
