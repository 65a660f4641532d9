package sojourn.app.delivery;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sojourn.app.interactions.OwnInteractions.Own;

/**
 * A row of {@code delivery}: how far one message to one contact came.
 *
 * @param channel the type of the tile that sends it
 * @param message null where the tile carries itself what is sent
 * @param variant of the test that its tile is; null of other tiles
 * @param uncertain whether it may have arrived, and is handed over again all the same since receivers can tell repeats
 */
public record Delivery(
        UUID id,
        long contactId,
        UUID runId,
        int visit,
        String journey,
        int journeyVersion,
        String tile,
        int pass,
        String channel,
        @Nullable String message,
        @Nullable Integer messageVersion,
        @Nullable String contactPoint,
        String state,
        @Nullable String reason,
        int attempt,
        @Nullable Instant leasedUntil,
        Instant reservedAt,
        @Nullable Instant endedAt,
        Instant runEnteredAt,
        Instant tileEnteredAt,
        boolean uncertain,
        @Nullable String variant) {

    static final String RESERVED = "reserved";
    static final String HANDING_OVER = "handing-over";
    static final String SENT = "sent";
    static final String UNCONFIRMED = "unconfirmed";
    static final String BOUNCED = "bounced";
    static final String BLOCKED = "blocked";
    static final String EXPIRED = "expired";
    static final String FAILED = "failed";
    static final String CANCELLED = "cancelled";

    static final List<String> STATES = List.of(
            RESERVED, HANDING_OVER, SENT, UNCONFIRMED, "delivered", BOUNCED, BLOCKED, EXPIRED, FAILED, CANCELLED);

    /** A fact about this delivery; {@code what} makes its id, so that each is recorded once. */
    Own fact(String what, String type, Instant at, Map<String, Object> more) {
        var properties = new HashMap<String, Object>(more);
        properties.put("journey", journey);
        properties.put("version", journeyVersion);
        properties.put("tile", tile);
        properties.put("pass", pass);
        if (message != null) {
            properties.put("message", message);
        }
        if (variant != null) {
            properties.put("variant", variant);
        }
        properties.put("channel", channel);
        properties.put("run", runId.toString());
        properties.put("runEnteredAt", runEnteredAt);
        properties.put("tileEnteredAt", tileEnteredAt);
        return new Own("delivery/" + id + "/" + what, contactId, type, at, properties);
    }

    /** The interaction type that says so of this channel's messages, e.g. {@code EmailSent}. */
    String type(String what) {
        return channel.substring(0, 1).toUpperCase(Locale.ROOT) + channel.substring(1) + what;
    }
}
