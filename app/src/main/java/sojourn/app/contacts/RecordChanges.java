package sojourn.app.contacts;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Gathers what a transaction makes and changes of records whose type has that recorded. */
final class RecordChanges {

    /** They name people, and so may be seen by some only, and have to go with those whom they name. */
    private static final Set<String> UNTOLD = Set.of("email", "phone", "externalId");

    private final List<Written> written = new ArrayList<>();

    /** @param before null of a new record */
    private record Written(
            Shape shape,
            Stored record,
            int version,
            @Nullable Fields before,
            Fields now) {

        /** What the record calls the contacts concerned; none of a contact itself. */
        Collection<String> contacts() {
            var names = new TreeSet<String>();
            now.values().forEach((attribute, value) -> {
                if (namesContact(attribute) && value instanceof String name) {
                    names.add(name);
                }
            });
            return names;
        }

        private boolean namesContact(String attribute) {
            var declaration = shape.attributes().get(attribute);
            return declaration != null
                    && declaration.type() == ValueType.LOOKUP
                    && (declaration.lookup() == null || declaration.lookup().equals(ProfileTypes.CONTACT));
        }

        RecordChange of(long contact) {
            return new RecordChange(shape.type(), record.uuid(), version, contact, updates());
        }

        private List<RecordChange.Update> updates() {
            if (before == null) {
                return List.of();
            }
            var updates = new ArrayList<RecordChange.Update>();
            var attributes = new TreeSet<>(before.values().keySet());
            attributes.addAll(now.values().keySet());
            for (var attribute : attributes) {
                var old = before.values().get(attribute);
                var value = now.values().get(attribute);
                if (!Objects.equals(old, value)) {
                    updates.add(
                            UNTOLD.contains(attribute) || namesContact(attribute)
                                    ? new RecordChange.Update(attribute, null, null)
                                    : new RecordChange.Update(attribute, text(old), text(value)));
                }
            }
            return updates;
        }
    }

    /** Takes note of a record that was written; of types that do not {@code recordChanges} nothing is kept. */
    void written(Shape shape, Stored record, int version, @Nullable Fields before, Fields now) {
        if (shape.recordChanges()) {
            written.add(new Written(shape, record, version, before, now));
        }
    }

    /** What happened to whom; behind the writing, so that records which came together may name one another. */
    List<RecordChange> all(Handle handle) {
        var names = new TreeSet<String>();
        written.forEach(each -> names.addAll(each.contacts()));
        var contacts =
                names.isEmpty() ? Map.<String, Records.Found>of() : Records.named(handle, ProfileTypes.CONTACT, names);
        var all = new ArrayList<RecordChange>();
        for (var each : written) {
            if (each.shape().type().equals(ProfileTypes.CONTACT)) {
                all.add(each.of(each.record().id()));
            } else {
                each.contacts().stream()
                        .map(contacts::get)
                        .filter(Objects::nonNull)
                        .map(Records.Found::id)
                        .distinct()
                        .forEach(contact -> all.add(each.of(contact)));
            }
        }
        return all;
    }

    private static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case BigDecimal number -> number.toPlainString();
            case Collection<?> options ->
                String.join("; ", options.stream().map(String::valueOf).toList());
            default -> value.toString();
        };
    }
}
