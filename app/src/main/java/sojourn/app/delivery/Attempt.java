package sojourn.app.delivery;

import io.temporal.activity.Activity;

/** One try of an activity, as Temporal counts it. */
interface Attempt {

    /** From 1. */
    int number();

    /** Says that the try is alive; may be called by any thread. */
    void heartbeat();

    static Attempt ofActivity() {
        var context = Activity.getExecutionContext();
        return new Attempt() {
            @Override
            public int number() {
                return context.getInfo().getAttempt();
            }

            @Override
            public void heartbeat() {
                context.heartbeat(null);
            }
        };
    }
}
