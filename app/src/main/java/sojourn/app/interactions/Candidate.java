package sojourn.app.interactions;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import sojourn.app.platform.ProblemError;

/** An interaction that fits its type, and of which only the contact is still to be found. */
record Candidate(
        Sent sent,
        String id,
        String contact,
        InteractionType type,
        Instant occurredAt,
        UUID hash,
        CheckedProperties properties) {

    Fact fact(long contactId) {
        return new Fact(
                id,
                hash,
                contactId,
                type,
                occurredAt,
                sent.bindingKey(),
                properties.journey(),
                properties.tile(),
                properties.json(),
                properties.folded(),
                properties.lookups());
    }

    Rejection reject(String pointer, String code, String detail) {
        return Rejection.of(sent, List.of(ProblemError.at(pointer, code, detail)));
    }
}
