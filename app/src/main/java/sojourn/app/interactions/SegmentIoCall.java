package sojourn.app.interactions;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.ContactIntake;
import sojourn.app.contacts.Contacts;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.ProblemError;

/** A call of the tracking API that Segment's libraries speak. */
sealed interface SegmentIoCall {

    /** What the fields of an interaction are called there. */
    Map<String, String> NAMES =
            Map.of("id", "messageId", "type", "event", "contact", "userId", "occurredAt", "timestamp");

    /** Fields that calls may have; those about the library and the way of the call say nothing here. */
    Set<String> FIELDS = Set.of(
            "type",
            "messageId",
            "userId",
            "anonymousId",
            "event",
            "properties",
            "traits",
            "timestamp",
            "context",
            "integrations",
            "originalTimestamp",
            "sentAt",
            "receivedAt",
            "channel",
            "version",
            "writeKey",
            "projectId",
            "library",
            "name",
            "category",
            "_metadata");

    String TRACK = "track";
    String IDENTIFY = "identify";

    /** Something that happened. */
    record Track(Sent sent) implements SegmentIoCall {}

    /** Who somebody is. */
    record Identify(
            long index,
            @Nullable String messageId,
            String userId,
            @Nullable String anonymousId,
            Map<String, @Nullable Object> traits)
            implements SegmentIoCall {

        public Identify {
            traits = new HashMap<>(traits);
        }
    }

    /** A call that cannot be done. */
    record Wrong(Rejection rejection) implements SegmentIoCall {}

    /** Reads one of a batch, which says itself what it is. */
    static SegmentIoCall read(@Nullable Object value, long index, Supplier<UUID> ids) {
        var type = value instanceof Map<?, ?> fields ? fields.get("type") : TRACK;
        if (TRACK.equals(type) || IDENTIFY.equals(type)) {
            return read(String.valueOf(type), value, index, ids);
        }
        var error = ProblemError.at("/type", "unknown-call", "track or identify would fit; other calls are not taken");
        return new Wrong(Rejection.of(index, null, List.of(error)));
    }

    /**
     * Reads a call of a kind.
     *
     * @param ids makes an id where a call has none, so that each such call is a fact of its own
     */
    static SegmentIoCall read(String type, @Nullable Object value, long index, Supplier<UUID> ids) {
        var errors = new ArrayList<ProblemError>();
        var object = JsonTree.object("", value, errors);
        if (object == null) {
            return new Wrong(Rejection.of(index, null, errors));
        }
        object.keySet().stream()
                .filter(name -> !FIELDS.contains(name))
                .forEach(name -> errors.add(ProblemError.at(
                        "/" + name.replace("~", "~0").replace("/", "~1"),
                        "unknown-field",
                        "there is no such field" + Nearest.advice(name, FIELDS))));
        var fields = new ForeignFields(object, errors);
        return type.equals(TRACK) ? track(fields, index, ids, errors) : identify(fields, index, errors);
    }

    private static SegmentIoCall track(
            ForeignFields fields, long index, Supplier<UUID> ids, List<ProblemError> errors) {
        var id = fields.text("messageId");
        var event = fields.text("event");
        fields.require("event", event, "a track call needs the name of its event");
        var userId = fields.name("userId");
        var anonymousId = fields.name("anonymousId");
        if (userId == null && anonymousId == null && !fields.isWrong("userId", "anonymousId")) {
            errors.add(ProblemError.at("/userId", "required", "a call needs a userId, or an anonymousId"));
        }
        return new Track(new Sent(
                index,
                null,
                id == null ? ids.get().toString() : id,
                TypeNames.key(event),
                userId == null ? null : Contacts.EXTERNAL + userId,
                userId == null ? anonymousId : null,
                fields.instant("timestamp"),
                null,
                fields.object("properties"),
                errors,
                NAMES));
    }

    private static SegmentIoCall identify(ForeignFields fields, long index, List<ProblemError> errors) {
        var id = fields.text("messageId");
        var userId = fields.name("userId");
        fields.require("userId", userId, "an identify call says by its userId who somebody is");
        var refusal = userId == null ? null : ContactIntake.refusal("/userId", userId);
        if (refusal != null) {
            errors.add(refusal);
        }
        var anonymousId = fields.name("anonymousId");
        var traits = fields.object("traits");
        return userId == null || !errors.isEmpty()
                ? new Wrong(Rejection.of(index, id, errors))
                : new Identify(index, id, userId, anonymousId, traits == null ? Map.of() : traits);
    }
}
