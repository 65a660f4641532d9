package sojourn.app.security;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Columns;

/**
 * Keeps who did what to which thing, when and why. Whoever does something notes it in the same transaction, so that both are
 * true or neither. Nothing personal goes in: contacts and runs are named by ids, and reasons are forgotten with whom they
 * were about.
 */
public final class AuditLog {

    private AuditLog() {}

    /**
     * What was done.
     *
     * @param contact whom it was about; null when nobody in particular
     * @param details what else there is to know; nothing personal
     */
    public record Done(
            String action,
            String kind,
            String thing,
            @Nullable UUID contact,
            Map<String, Object> details) {

        public Done(String action, String kind, String thing) {
            this(action, kind, thing, null, Map.of());
        }

        public Done with(Map<String, Object> more) {
            return new Done(action, kind, thing, contact, more);
        }
    }

    public static void note(Handle handle, Instant at, Deed deed, Done done) {
        handle.createUpdate("""
                        insert into audit_entry (at, by, key_id, action, kind, thing, contact, reason, details)
                        values (:at, :by, :key, :action, :kind, :thing, :contact, :reason, cast(:details as jsonb))
                        """)
                .bind("at", at)
                .bind("by", deed.by())
                .bind("key", deed.key())
                .bind("action", done.action())
                .bind("kind", done.kind())
                .bind("thing", done.thing())
                .bind("contact", done.contact())
                .bind("reason", deed.reason())
                .bind("details", Columns.json(done.details()))
                .execute();
    }

    /** Forgets the reasons that people have given about contacts: they may say anything. */
    public static void forget(Handle handle, Collection<UUID> contacts) {
        handle.createUpdate(
                        "update audit_entry set reason = null where contact = any(:contacts) and reason is not null")
                .bindArray("contacts", UUID.class, contacts)
                .execute();
    }
}
