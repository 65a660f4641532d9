package sojourn.workflows.journeys;

import io.temporal.activity.ActivityInterface;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where a run stands, and what it is to do next. */
@ActivityInterface(namePrefix = "Journey.")
public interface JourneyActivities {

    /**
     * Records what has happened and says what to do now. Harmless to repeat: the decision is always made over
     * PostgreSQL, and a visit that was left already is not left again.
     *
     * @param visit the visit the run believes it is at, 0 before the first
     * @param due the deadline of that visit whose timer has fired, whatever the clock of this machine says; null when none has
     */
    Next advance(UUID run, int visit, @Nullable Instant due);
}
