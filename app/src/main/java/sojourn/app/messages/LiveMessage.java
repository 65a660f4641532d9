package sojourn.app.messages;

import org.jspecify.annotations.Nullable;

/** A version of a message that is or was live: what deliveries send. */
public record LiveMessage(String key, int version, MessageContent content) {

    /** The same with another subject, preheader or sender; what is null stays. */
    public LiveMessage reworded(@Nullable String subject, @Nullable String preheader, @Nullable String from) {
        return new LiveMessage(key, version, content.reworded(subject, preheader, from));
    }

    /** {@code commercial} or {@code transactional}. */
    public String purpose() {
        return content.purpose();
    }
}
