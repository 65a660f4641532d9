package sojourn.workflows.journeys;

import io.temporal.activity.ActivityInterface;
import java.util.UUID;

/** Calls the webhook of a tile visit, on the task queue {@code channel-webhook}; else as {@link EmailActivities}. */
@ActivityInterface(namePrefix = "Webhook.")
public interface WebhookActivities {

    Next send(UUID run, int visit);
}
