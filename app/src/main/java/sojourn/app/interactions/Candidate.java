package sojourn.app.interactions;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.ProblemError;

/**
 * An interaction that fits its type, and of which only the contact is still to be found.
 *
 * @param contact how it names its contact, null when it has an anonymous id
 */
record Candidate(
        Sent sent,
        String id,
        @Nullable String contact,
        @Nullable String anonymousId,
        InteractionType type,
        Instant occurredAt,
        UUID hash,
        CheckedProperties properties) {

    /** With its contact; null while its anonymous id is nobody. */
    Fact fact(@Nullable Long contactId) {
        return new Fact(
                id,
                hash,
                contactId == null ? 0 : contactId,
                contactId == null ? anonymousId : null,
                type,
                occurredAt,
                sent.bindingKey(),
                properties.journey(),
                properties.tile(),
                properties.json(),
                properties.folded());
    }

    Rejection reject(String pointer, String code, String detail) {
        return Rejection.of(sent, List.of(ProblemError.at(pointer, code, detail)));
    }
}
