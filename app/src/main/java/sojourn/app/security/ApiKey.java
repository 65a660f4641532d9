package sojourn.app.security;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Versioned;
import sojourn.app.platform.Versions;

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
        @Nullable Instant lastUsedAt)
        implements Versioned {

    @Override
    public String etag() {
        return Versions.etag(version());
    }

    /** Of what admins decide; not of when it was used, which changes all the time. */
    int version() {
        return Objects.hash(id, name, role, expiresAt, revokedAt);
    }

    boolean validAt(Instant now) {
        return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
    }
}
