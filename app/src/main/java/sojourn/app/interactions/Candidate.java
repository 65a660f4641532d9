package sojourn.app.interactions;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.ProfileTypes;
import sojourn.app.contacts.ValueType;
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
                properties.folded(),
                properties.lookupsAsJson());
    }

    /** The profile type that a property looks up. */
    String lookedUp(String property) {
        var declaration = type.properties().get(property);
        var lookup = declaration == null ? null : declaration.lookup();
        return lookup == null ? ProfileTypes.CONTACT : lookup;
    }

    /** With records by their names, as found; null with errors when one that is looked up is not there. */
    @Nullable
    Candidate naming(Map<String, Map<String, String>> found, List<ProblemError> errors) {
        if (properties.lookups().isEmpty()) {
            return this;
        }
        var names = new LinkedHashMap<String, String>();
        properties.lookups().forEach((property, called) -> {
            var type = lookedUp(property);
            var name = found.getOrDefault(type, Map.of()).get(called);
            if (name == null && isText(property)) {
                names.put(property, called);
            } else if (name == null) {
                errors.add(ProblemError.at(
                        "/properties/" + property,
                        "unknown-record",
                        "there is no " + type + " of this external id or id"));
            } else {
                names.put(property, name);
            }
        });
        return errors.isEmpty()
                ? new Candidate(sent, id, contact, anonymousId, type, occurredAt, hash, properties.naming(names))
                : null;
    }

    /** A text of the product's own may name what is not there. */
    private boolean isText(String property) {
        var declaration = type.properties().get(property);
        return declaration != null && declaration.type() == ValueType.TEXT;
    }

    Rejection reject(String pointer, String code, String detail) {
        return Rejection.of(sent, List.of(ProblemError.at(pointer, code, detail)));
    }
}
