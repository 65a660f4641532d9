package sojourn.app.contacts;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jdbi.v3.core.Handle;

/**
 * Addresses of the erased, never to be written to again even if they come back with an import: kept as keyed hashes, so
 * that the list names nobody.
 */
public final class DoNotContact {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String KEY = "do-not-contact-key";

    /** Whether a contact point is on the list; letter case makes no difference. */
    public boolean contains(Handle handle, String contactPoint) {
        return handle.createQuery("select exists (select from do_not_contact where hash = :hash)")
                .bind("hash", hash(handle, contactPoint))
                .mapTo(Boolean.class)
                .one();
    }

    void add(Handle handle, String contactPoint, Instant at) {
        handle.createUpdate("insert into do_not_contact (hash, created_at) values (:hash, :at) on conflict do nothing")
                .bind("hash", hash(handle, contactPoint))
                .bind("at", at)
                .execute();
    }

    private static byte[] hash(Handle handle, String contactPoint) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key(handle), ALGORITHM));
            return mac.doFinal(Fold.text(contactPoint).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Made by whoever needs it first, the same for all instances. */
    private static byte[] key(Handle handle) {
        var select = "select value #>> '{}' from setting where name = ?";
        var known = handle.select(select, KEY).mapTo(String.class).findOne();
        if (known.isEmpty()) {
            var fresh = new byte[32];
            new SecureRandom().nextBytes(fresh);
            handle.execute(
                    "insert into setting (name, value) values (?, to_jsonb(?::text)) on conflict do nothing",
                    KEY,
                    Base64.getEncoder().encodeToString(fresh));
            known = handle.select(select, KEY).mapTo(String.class).findOne();
        }
        return Base64.getDecoder().decode(known.orElseThrow());
    }
}
