package sojourn.benchmarks;

import io.temporal.activity.ActivityInterface;

/** Sends nothing. */
@ActivityInterface(namePrefix = "Bare.")
public interface BareActivities {

    void send(String contact, String message);
}
