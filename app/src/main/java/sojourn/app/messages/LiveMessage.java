package sojourn.app.messages;

import org.jdbi.v3.json.Json;

/** A version of a message that is or was live: what deliveries send. */
public record LiveMessage(String key, int version, @Json MessageContent content) {

    /** {@code commercial} or {@code transactional}. */
    public String purpose() {
        return content.purpose();
    }
}
