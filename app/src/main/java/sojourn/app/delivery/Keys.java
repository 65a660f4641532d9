package sojourn.app.delivery;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** A secret that all instances share: made by whichever comes first, kept in the table {@code setting}. */
final class Keys {

    private static final String ALGORITHM = "HmacSHA256";

    private final Jdbi jdbi;
    private final String name;
    private volatile @Nullable SecretKeySpec key;

    Keys(Jdbi jdbi, String name) {
        this.jdbi = jdbi;
        this.name = name;
    }

    byte[] sign(byte[] message) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key());
            return mac.doFinal(message);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private SecretKeySpec key() {
        var known = key;
        if (known == null) {
            known = new SecretKeySpec(Base64.getDecoder().decode(readOrMake()), ALGORITHM);
            key = known;
        }
        return known;
    }

    private String readOrMake() {
        var fresh = new byte[32];
        new SecureRandom().nextBytes(fresh);
        return jdbi.inTransaction(handle -> {
            handle.createUpdate("""
                            insert into setting (name, value) values (:name, to_jsonb(:value::text))
                            on conflict (name) do nothing
                            """)
                    .bind("name", name)
                    .bind("value", Base64.getEncoder().encodeToString(fresh))
                    .execute();
            return handle.createQuery("select value #>> '{}' from setting where name = :name")
                    .bind("name", name)
                    .mapTo(String.class)
                    .one();
        });
    }
}
