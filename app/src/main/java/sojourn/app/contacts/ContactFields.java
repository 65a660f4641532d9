package sojourn.app.contacts;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.RecordWriter.Update;
import sojourn.app.platform.ProblemError;

/** Changes fields of single contacts for other features, in their transactions. */
public final class ContactFields {

    /**
     * What is to become of fields, by the names that queries give them, like {@code address.city}.
     *
     * @param set values as the API has them
     * @param increment what is added to numbers; one without a value counts as 0
     */
    public record Change(Map<String, Object> set, List<String> clear, Map<String, BigDecimal> increment) {

        public Change {
            set = new LinkedHashMap<>(set);
            clear = List.copyOf(clear);
            increment = new LinkedHashMap<>(increment);
        }
    }

    /**
     * What a change came to.
     *
     * @param changed whether anything is different now
     * @param errors what does not fit, by pointers into the change; then nothing was changed
     */
    public record Result(boolean changed, List<ProblemError> errors) {

        public Result {
            errors = List.copyOf(errors);
        }
    }

    private static final Set<String> NOT_CHANGED = Set.of("externalId", "createdAt", "updatedAt");

    private final Changes changes;

    ContactFields(Changes changes) {
        this.changes = changes;
    }

    /** What contacts may have just now, to hold changes against. */
    public static final class Known {

        private final Shape shape;

        private Known(Shape shape) {
            this.shape = shape;
        }

        public static Known read(Handle handle) {
            return new Known(Shape.read(handle, ProfileTypes.CONTACT));
        }

        /** Built-in attributes and these. */
        public static Known of(Map<String, Declaration> declared) {
            var shape = new Shape((short) 0, ProfileTypes.CONTACT, BuiltInAttributes.all(), false, Set.of(), false);
            return new Known(shape.with(declared));
        }

        /** Every attribute by name. */
        public Map<String, Declaration> attributes() {
            return shape.attributes();
        }

        /** What does not fit, whoever the contact is. */
        public List<ProblemError> check(Change change) {
            var errors = new ArrayList<ProblemError>();
            fields(shape, change, null, errors);
            return errors;
        }
    }

    /** Takes the locks of a contact that is about to be changed, in their order; before the caller's own of runs. */
    public void lock(Handle handle, long contact) {
        Erasure.holdOff(handle);
        DeclarationLock.share(handle);
        handle.attach(ContactDao.class).lock(contact);
    }

    /** Changes a contact behind {@link #lock}, all of it or nothing. After the commit the caller kicks {@link Changes}. */
    public Result change(Handle handle, long id, Change change, Instant now) {
        var contact = handle.attach(ContactDao.class)
                .find(id)
                .filter(found -> !found.state().equals(Contact.ERASED))
                .orElse(null);
        if (contact == null) {
            return new Result(false, List.of(ProblemError.at("", "erased", "The contact has been erased")));
        }
        var shape = Shape.read(handle, ProfileTypes.CONTACT);
        var table = new ContactTable(handle, shape);
        var writer = new RecordWriter<>(handle, shape, table, RecordWriter.Completion.NONE, now);
        var before = table.fields(contact);
        var errors = new ArrayList<ProblemError>();
        var wanted = before.with(writer.checked(fields(shape, change, before, errors), errors));
        if (!errors.isEmpty()) {
            return new Result(false, errors);
        }
        var changed =
                !writer.update(List.of(new Update<>(contact, before, wanted))).isEmpty();
        writer.finish(changes);
        return new Result(changed, List.of());
    }

    private static FieldChanges fields(Shape shape, Change change, @Nullable Fields before, List<ProblemError> errors) {
        var values = new HashMap<String, @Nullable Object>();
        change.set().forEach((name, value) -> read(shape, "/set/" + escaped(name), name, value, values, errors));
        for (var index = 0; index < change.clear().size(); index++) {
            read(shape, "/clear/" + index, change.clear().get(index), null, values, errors);
        }
        change.increment().forEach((name, amount) -> {
            var pointer = "/increment/" + escaped(name);
            var declaration = shape.attributes().get(name);
            var old = before == null ? null : before.values().get(name);
            if (shape.isBuiltIn(name)
                    || (declaration != null && declaration.type() != ValueType.NUMBER)
                    || (old != null && !(old instanceof Number))) {
                errors.add(
                        ProblemError.at(pointer, "not-a-number", "only an attribute that is a number can be added to"));
            } else {
                read(shape, pointer, name, sum(old, amount), values, errors);
            }
        });
        return new FieldChanges(values, false);
    }

    /** Reads one field as if it had been sent by itself, so that what it may be is said in one place. */
    private static void read(
            Shape shape,
            String pointer,
            String name,
            @Nullable Object value,
            Map<String, @Nullable Object> values,
            List<ProblemError> errors) {
        if (NOT_CHANGED.contains(name)) {
            errors.add(ProblemError.at(pointer, "read-only", "this attribute cannot be changed here"));
            return;
        }
        if (values.containsKey(name)) {
            errors.add(ProblemError.at(pointer, "named-twice", "an attribute can be changed in one way only"));
            return;
        }
        var dot = name.indexOf('.');
        var found = new ArrayList<ProblemError>();
        var read = new RecordReader(shape)
                .fromJson(
                        shape.isBuiltIn(name) && dot < 0
                                ? one(name, value)
                                : shape.isBuiltIn(name)
                                        ? one(name.substring(0, dot), one(name.substring(dot + 1), value))
                                        : one("attributes", one(name, value)),
                        found);
        found.forEach(error -> errors.add(ProblemError.at(pointer, error.code(), error.detail())));
        values.putAll(read.values());
    }

    private static Map<String, @Nullable Object> one(String name, @Nullable Object value) {
        var one = new HashMap<String, @Nullable Object>();
        one.put(name, value);
        return one;
    }

    private static BigDecimal sum(@Nullable Object old, BigDecimal amount) {
        var sum = old == null ? amount : new BigDecimal(old.toString()).add(amount);
        var plain = sum.stripTrailingZeros();
        return plain.scale() < 0 ? plain.setScale(0) : plain;
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
