package sojourn.app.security;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A key as the API shows it: everything but the key.
 *
 * @param hint the key's first characters, to tell keys apart
 */
public record ApiKey(
        UUID id,
        String name,
        String role,
        String hint,
        Instant createdAt,
        String createdBy,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        @Nullable Instant lastUsedAt) {

    /** Of its ETag: what admins decide. Not when it was used, which changes all the time. */
    int version() {
        return Objects.hash(id, name, role, expiresAt, revokedAt);
    }

    boolean validAt(Instant now) {
        return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
    }
}
