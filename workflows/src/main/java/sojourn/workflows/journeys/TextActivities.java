package sojourn.workflows.journeys;

import io.temporal.activity.ActivityInterface;
import java.util.UUID;

/** Sends the text of a tile visit, on the task queue of its channel; else as {@link EmailActivities}. */
@ActivityInterface(namePrefix = "Text.")
public interface TextActivities {

    Next send(UUID run, int visit);
}
