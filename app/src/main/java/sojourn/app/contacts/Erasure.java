package sojourn.app.contacts;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;

/**
 * Takes what is personal about a contact out of every feature's tables. Features that keep any say here how it is
 * removed; rows stay, so that figures still count them.
 */
public final class Erasure {

    /** Removes what one feature keeps about a contact, in the transaction that erases the contact. */
    @FunctionalInterface
    public interface Step {
        void erase(Handle handle, Contact contact);
    }

    /** Any number that no other use of advisory locks has. */
    private static final long LOCK = 7_305_002;

    private final List<Step> steps = new CopyOnWriteArrayList<>();

    public void add(Step step) {
        steps.add(step);
    }

    /**
     * Keeps contacts from being erased until the caller's transaction ends. Whoever looks contacts up by name to write
     * something personal beside them calls this first, so that nothing personal comes after an erasure. An erasure that waits
     * makes those wait who come after it, so nothing that takes long is done behind this, and nothing is waited for that may
     * be held for long: it comes after the lock of a segment. It comes before all else, declarations and records above all:
     * whoever waited here holding one of them would wait for an erasure that needs it.
     */
    public static void holdOff(Handle handle) {
        handle.createQuery("select 1 from pg_advisory_xact_lock_shared(:lock)")
                .bind("lock", LOCK)
                .mapTo(Integer.class)
                .one();
    }

    void erase(Handle handle, Contact contact) {
        steps.forEach(step -> step.erase(handle, contact));
    }

    /** Waits for those who hold off, and keeps others out. */
    static void lock(Handle handle) {
        handle.execute("select pg_advisory_xact_lock(?)", LOCK);
    }
}
