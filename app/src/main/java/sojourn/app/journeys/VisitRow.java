package sojourn.app.journeys;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One stay of a run at a tile, as PostgreSQL has it. */
record VisitRow(
        UUID runId,
        int no,
        String tile,
        String type,
        int pass,
        Instant enteredAt,
        @Nullable Instant leftAt,
        String status,
        @Nullable String outcome,
        @Nullable String branch) {}
