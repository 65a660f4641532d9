package sojourn.app.delivery;

import jakarta.mail.internet.InternetAddress;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An email ready to be handed over.
 *
 * @param id of the delivery: makes the Message-ID
 * @param headers beside those that every email has
 */
record Email(
        UUID id,
        InternetAddress from,
        @Nullable InternetAddress replyTo,
        InternetAddress to,
        String subject,
        @Nullable String html,
        String text,
        Map<String, String> headers,
        Instant date)
        implements Outgoing {}
