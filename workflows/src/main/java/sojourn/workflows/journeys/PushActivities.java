package sojourn.workflows.journeys;

import io.temporal.activity.ActivityInterface;
import java.util.UUID;

/** Sends the push message of a tile visit, on the task queue of its channel; else as {@link EmailActivities}. */
@ActivityInterface(namePrefix = "Push.")
public interface PushActivities {

    Next send(UUID run, int visit);
}
