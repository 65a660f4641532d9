package sojourn.app.segments;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Versioned;
import sojourn.app.platform.Versions;

/**
 * That a contact is in a dynamic segment, or not, whatever the query says; until somebody changes it.
 *
 * @param by the name of who decided so
 */
public record MemberOverride(
        UUID contactId,
        @Nullable String externalId,
        OverrideKind kind,
        @Nullable String reason,
        Instant at,
        String by) implements Versioned {

    @Override
    public String etag() {
        return Versions.etag(Objects.hash(contactId, kind.word(), reason, at, by) & Integer.MAX_VALUE);
    }
}
