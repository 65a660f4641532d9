package sojourn.app.contacts;

import org.jdbi.v3.core.Handle;

/**
 * Keeps what is declared and what is stored by it in step: whoever writes records by the declarations of their type
 * shares the lock from before they read these until their transaction ends, and whoever changes a declaration takes it.
 */
final class DeclarationLock {

    /** Any number that no other use of advisory locks has. */
    private static final long LOCK = 7_305_003;

    private DeclarationLock() {}

    static void share(Handle handle) {
        handle.createQuery("select 1 from pg_advisory_xact_lock_shared(:lock)")
                .bind("lock", LOCK)
                .mapTo(Integer.class)
                .one();
    }

    static void take(Handle handle) {
        handle.execute("select pg_advisory_xact_lock(?)", LOCK);
    }
}
