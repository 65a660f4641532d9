package sojourn.app.messages;

/** A version of a message that is or was live: what deliveries send. */
public record LiveMessage(String key, int version, MessageContent content) {

    /** {@code commercial} or {@code transactional}. */
    public String purpose() {
        return content.purpose();
    }
}
