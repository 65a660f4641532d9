package sojourn.app.delivery;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Versioned;
import sojourn.app.platform.Versions;

/** A delivery as lists show it; {@code contactPoint} is null for those who may not see it. */
public record ListedDelivery(
        UUID id,
        UUID contactId,
        @Nullable String externalId,
        UUID run,
        String journey,
        int version,
        String tile,
        int pass,
        String channel,
        @Nullable String message,
        @Nullable Integer messageVersion,
        @Nullable String contactPoint,
        String state,
        @Nullable String reason,
        int attempt,
        Instant reservedAt,
        @Nullable Instant endedAt,
        @Nullable String lastError,
        @Nullable Instant nextTryAt)
        implements Versioned {

    @Override
    public String etag() {
        return Versions.etag(hashCode());
    }

    /** What to list; null means any. */
    public record Filter(
            @Nullable String journey,
            @Nullable String tile,
            @Nullable String message,
            @Nullable String state,
            @Nullable String reason,
            @Nullable UUID run,
            @Nullable Long contact) {}

    ListedDelivery withoutContactPoint() {
        return new ListedDelivery(
                id,
                contactId,
                externalId,
                run,
                journey,
                version,
                tile,
                pass,
                channel,
                message,
                messageVersion,
                null,
                state,
                reason,
                attempt,
                reservedAt,
                endedAt,
                lastError,
                nextTryAt);
    }
}
