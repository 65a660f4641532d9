package sojourn.app.contacts;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.security.AuditLog;
import sojourn.app.security.Deed;

/** Declares relationships, and takes away those that nobody uses. */
final class RelationshipEditor {

    private final Jdbi jdbi;
    private final ProfileTypeEditor types;
    private final InstantSource clock;

    RelationshipEditor(Jdbi jdbi, ProfileTypeEditor types, InstantSource clock) {
        this.jdbi = jdbi;
        this.types = types;
        this.clock = clock;
    }

    /**
     * Declares a relationship; one over a lookup attribute has the links of all values from the start.
     *
     * @param attribute a lookup attribute of {@code from} that looks up {@code to}; null for many-to-many
     */
    RelationshipDao.Row create(
            @Nullable String key, @Nullable String from, @Nullable String attribute, @Nullable String to, Deed deed) {
        return Transactions.in(jdbi, handle -> {
            DeclarationLock.take(handle);
            var errors = new ArrayList<ProblemError>();
            Declarations.checkKey("/key", key, errors);
            check(handle, from, attribute, to, errors);
            if (!errors.isEmpty()) {
                throw Problem.invalid(errors);
            }
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var row = handle.attach(RelationshipDao.class)
                    .add(String.valueOf(key), String.valueOf(from), attribute, String.valueOf(to), now)
                    .orElseThrow(
                            () -> new Problem(ProblemType.KEY_TAKEN, "There is a relationship " + key + " already"));
            new LinkRows(handle).fill(row.relationship(), now);
            note(handle, now, deed, "created", row.relationship());
            return row;
        });
    }

    void delete(String key, Deed deed) {
        Transactions.use(jdbi, handle -> {
            DeclarationLock.take(handle);
            var relationships = handle.attach(RelationshipDao.class);
            var row = relationships.find(key).orElseThrow(() -> Problem.notFound("relationship", key));
            var relationship = row.relationship();
            if (row.builtIn()) {
                throw ProfileTypeEditor.builtIn("The relationship " + key);
            }
            types.refuseWhenUsed(handle, relationship);
            new LinkRows(handle).removeAll(relationship);
            relationships.delete(relationship.id());
            note(handle, clock.instant(), deed, "deleted", relationship);
        });
    }

    private static void note(Handle handle, Instant at, Deed deed, String action, Relationship relationship) {
        var details = new TreeMap<String, Object>(Map.of("from", relationship.from(), "to", relationship.to()));
        if (relationship.attribute() != null) {
            details.put("attribute", relationship.attribute());
        }
        var done = new AuditLog.Done(action, "relationship", relationship.key());
        AuditLog.note(handle, at, deed, done.with(details));
    }

    private static void check(
            Handle handle,
            @Nullable String from,
            @Nullable String attribute,
            @Nullable String to,
            List<ProblemError> errors) {
        var all = ProfileTypes.all(handle);
        checkType("/from", from, all, errors);
        checkType("/to", to, all, errors);
        var type = from == null ? null : all.get(from);
        if (type == null || attribute == null || to == null) {
            return;
        }
        var declaration = type.attributes().get(attribute);
        if (declaration == null) {
            errors.add(ProblemError.at(
                    "/attribute",
                    "unknown-attribute",
                    from + " has no such attribute"
                            + Nearest.advice(attribute, type.attributes().keySet())));
        } else if (!to.equals(declaration.lookup())) {
            errors.add(ProblemError.at(
                    "/attribute",
                    "wrong-type",
                    "a lookup attribute of " + from + " that looks up " + to + " would fit, this is "
                            + (declaration.lookup() == null
                                    ? declaration.type().word()
                                    : "one that looks up " + declaration.lookup())));
            return;
        }
        for (var other : Relationships.all(handle).values()) {
            if (other.from().equals(from) && attribute.equals(other.attribute())) {
                errors.add(ProblemError.at(
                        "/attribute", "duplicate", "the relationship " + other.key() + " goes over it already"));
            }
        }
    }

    private static void checkType(
            String pointer, @Nullable String key, Map<String, ProfileTypes.Type> all, List<ProblemError> errors) {
        if (key == null) {
            errors.add(ProblemError.at(pointer, "required", "the key of a profile type is needed"));
        } else if (!all.containsKey(key)) {
            errors.add(ProblemError.at(
                    pointer,
                    "unknown-profile-type",
                    "there is no such profile type" + Nearest.advice(key, all.keySet())));
        }
    }
}
