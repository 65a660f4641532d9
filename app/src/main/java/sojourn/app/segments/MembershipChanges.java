package sojourn.app.segments;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Word that rows of {@code membership_change}, the outbox of joiners and leavers, were committed. Only a matter of
 * speed: whoever consumes the outbox also looks by itself.
 */
public final class MembershipChanges {

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** Wakes the consumers; call it after the commit. */
    public void kick() {
        listeners.forEach(Runnable::run);
    }

    /** Asks to be woken. The listener must be quick. */
    public void onKick(Runnable listener) {
        listeners.add(listener);
    }
}
