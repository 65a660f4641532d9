package sojourn.app.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Columns;
import sojourn.app.platform.Transactions;

/** Makes keys and recognises them. What is stored of a key is its SHA-256: it is 256 random bits, so no salt is needed. */
public final class ApiKeys {

    /** What the audit log calls a key. */
    static final String KIND = "api-key";

    private static final String PREFIX = "sjk_";
    private static final int HINT_LENGTH = PREFIX.length() + 6;
    private static final Duration USE_IS_NOTED_EVERY = Duration.ofMinutes(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Jdbi jdbi;
    private final ApiKeyDao keys;
    private final InstantSource clock;

    public ApiKeys(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.keys = jdbi.onDemand(ApiKeyDao.class);
        this.clock = clock;
    }

    /**
     * Makes a key; its text is in the answer and nowhere else.
     *
     * @param role one of {@link Role}
     * @param expiresAt null for a key that does not expire
     * @param createdBy the name of the caller's key, or of the command
     */
    public NewKey create(String name, String role, @Nullable Instant expiresAt, String createdBy) {
        return Transactions.in(jdbi, handle -> create(handle, name, role, expiresAt, Deed.by(createdBy)));
    }

    /** The same in the caller's transaction. */
    NewKey create(Handle handle, String name, String role, @Nullable Instant expiresAt, Deed deed) {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        var key = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        var now = clock.instant();
        var record = handle.attach(ApiKeyDao.class)
                .add(name, role, hash(key), key.substring(0, HINT_LENGTH), now, deed.by(), expiresAt);
        AuditLog.note(
                handle,
                now,
                deed,
                new AuditLog.Done("created", KIND, record.id().toString()).with(Map.of("name", name, "role", role)));
        return new NewKey(key, record);
    }

    /** Whose key this is; empty for one that never was, is revoked or has expired. */
    public Optional<Caller> authenticate(String key) {
        var now = clock.instant();
        return jdbi.withHandle(handle -> withHash(handle, hash(key)))
                .filter(found -> found.validAt(now))
                .map(found -> {
                    var lastUsed = found.lastUsedAt();
                    if (lastUsed == null || lastUsed.plus(USE_IS_NOTED_EVERY).isBefore(now)) {
                        keys.used(found.id(), now);
                    }
                    return new Caller(found.id(), found.name(), found.role());
                });
    }

    /** By hand, since every request passes here: Jdbi's proxies and reflection cost more than the query. */
    private static Optional<ApiKey> withHash(Handle handle, byte[] hash) {
        return handle.createQuery("select * from api_key where hash = :hash")
                .bind("hash", hash)
                .map((row, _) -> new ApiKey(
                        Columns.uuid(row, "id"),
                        row.getString("name"),
                        row.getString("role"),
                        row.getString("hint"),
                        Columns.instant(row, "created_at"),
                        row.getString("created_by"),
                        Columns.instantOrNull(row, "expires_at"),
                        Columns.instantOrNull(row, "revoked_at"),
                        Columns.instantOrNull(row, "last_used_at")))
                .findOne();
    }

    private static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
