package sojourn.app.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Changes;
import sojourn.app.platform.Columns;

/** What people allowed and withdrew, by contact point and purpose. Not set means allowed: purposes are permissive. */
public final class Consents {

    static final String IN = "in";
    static final String OUT = "out";

    private final Changes changes;

    public Consents(Changes changes) {
        this.changes = changes;
    }

    /** The latest word on a purpose. */
    public Optional<Consent> find(Handle handle, long contact, String contactPoint, String purpose) {
        return handle.select("""
                        select * from consent where contact_id = ? and contact_point = ? and purpose = ?
                        """, contact, normal(contactPoint), purpose)
                .map((row, _) -> new Consent(
                        row.getString("contact_point"),
                        row.getString("purpose"),
                        row.getString("state"),
                        row.getString("source"),
                        Columns.instant(row, "at")))
                .findOne();
    }

    List<Consent> all(Handle handle, long contact) {
        return handle.attach(ConsentDao.class).all(contact);
    }

    /**
     * Writes a word down, or takes it back when {@code state} is null, and leaves word of the change in the same
     * transaction; false when nothing changed. After the commit the caller kicks {@link Changes}.
     */
    boolean set(
            Handle handle,
            long contact,
            String contactPoint,
            String purpose,
            @Nullable String state,
            String source,
            Instant at) {
        var dao = handle.attach(ConsentDao.class);
        var changed = state == null
                ? dao.clear(contact, normal(contactPoint), purpose)
                : dao.set(contact, normal(contactPoint), purpose, state, source, at);
        if (changed) {
            changes.record(handle, List.of(contact), List.of(Changes.CONSENT), at);
        }
        return changed;
    }

    static String normal(String contactPoint) {
        return contactPoint.strip().toLowerCase(Locale.ROOT);
    }
}
