package sojourn.app.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Addresses never to be written to again, kept as keyed hashes since their owners were erased. */
final class DoNotContact {

    private final Keys keys;

    DoNotContact(Jdbi jdbi) {
        this.keys = new Keys(jdbi, "do-not-contact-key");
    }

    boolean has(Handle handle, String contactPoint) {
        return handle.createQuery("select exists (select from do_not_contact where hash = :hash)")
                .bind("hash", hash(contactPoint))
                .mapTo(Boolean.class)
                .one();
    }

    void add(Handle handle, String contactPoint, Instant at) {
        handle.createUpdate("""
                        insert into do_not_contact (hash, created_at) values (:hash, :at) on conflict do nothing
                        """).bind("hash", hash(contactPoint)).bind("at", at).execute();
    }

    private byte[] hash(String contactPoint) {
        return keys.sign(Consents.normal(contactPoint).getBytes(StandardCharsets.UTF_8));
    }
}
