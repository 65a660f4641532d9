package sojourn.app.sandbox;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One mail to one recipient, as it came over SMTP.
 *
 * @param to the recipient of the envelope, which is who would have got it
 * @param from the sender as the header names it
 * @param headers by name as sent; the lines of a repeated header one below the other
 */
public record CaughtMail(
        String id,
        String to,
        String from,
        String subject,
        @Nullable String text,
        @Nullable String html,
        Instant receivedAt,
        Map<String, String> headers) {}
