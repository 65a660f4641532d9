package sojourn.workflows.journeys;

import io.temporal.activity.ActivityInterface;
import java.util.UUID;

/** Sends the email of a tile visit, on the task queue {@code channel-email}. */
@ActivityInterface(namePrefix = "Email.")
public interface EmailActivities {

    /**
     * Sends once for this visit, however often Temporal retries, ends the visit and says what comes next. Fails
     * (and so is retried) only while the provider cannot be reached or another attempt is handing over.
     */
    Next send(UUID run, int visit);
}
