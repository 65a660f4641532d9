package sojourn.app.security;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit log.
 *
 * @param by the name of the key or command; {@code keyId} is the key, null for commands
 * @param action e.g. {@code moved}
 * @param kind of what, e.g. {@code run}
 * @param thing its id or key
 * @param contactId whom it was about; null when nobody
 * @param details what else there is to know, by name
 */
public record AuditEntry(
        UUID id,
        Instant at,
        String by,
        @Nullable UUID keyId,
        String action,
        String kind,
        String thing,
        @Nullable UUID contactId,
        @Nullable String reason,
        @Json Map<String, Object> details) {}
