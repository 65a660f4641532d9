package sojourn.app.contacts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.ProblemError;

/** Makes leads of contacts for other features, in their transactions. */
public final class LeadMaker {

    /** Somebody may have declared an attribute of this name as something else before it was built in. */
    private static final String OWNER = "owner";

    private static final String CONTACT = "contact";

    private final Changes changes;

    LeadMaker(Changes changes) {
        this.changes = changes;
    }

    /** What leads may have just now, to hold attributes against. */
    public static final class Known {

        private final Shape shape;

        private Known(Shape shape) {
            this.shape = shape;
        }

        public static Known read(Handle handle) {
            return new Known(Shape.read(handle, Leads.TYPE));
        }

        /** These attributes and no others. */
        public static Known of(Map<String, Declaration> attributes) {
            return new Known(new Shape((short) 0, Leads.TYPE, attributes, false, Set.of(), false));
        }

        /** Every attribute by name. */
        public Map<String, Declaration> attributes() {
            return shape.attributes();
        }

        /** What does not fit, by pointers like {@code /attributes/company}. */
        public List<ProblemError> check(Map<String, Object> attributes) {
            var errors = new ArrayList<ProblemError>();
            if (attributes.containsKey(CONTACT)) {
                errors.add(
                        ProblemError.at("/attributes/contact", "read-only", "this is the contact of the run itself"));
            }
            new RecordReader(shape).fromJson(Map.of("attributes", attributes), errors);
            return errors;
        }
    }

    /**
     * Makes a lead behind {@link ContactFields#lock}, with the contact's name, email, phone and owner where nothing else
     * is said. After the commit the caller kicks {@link Changes}.
     *
     * @return what does not fit; then none is made
     */
    public List<ProblemError> make(Handle handle, Contact contact, Map<String, Object> attributes, Instant now) {
        var shape = Shape.read(handle, Leads.TYPE);
        var writer =
                new RecordWriter<>(handle, shape, new ProfileTable(handle, shape), RecordWriter.Completion.NONE, now);
        var values = new HashMap<String, @Nullable Object>();
        values.put("email", contact.email());
        values.put("firstName", contact.firstName());
        values.put("lastName", contact.lastName());
        values.put("phone", contact.phone());
        values.put("status", "new");
        var owner = shape.attributes().get(OWNER);
        if (owner != null && owner.type() == ValueType.TEXT) {
            values.put(OWNER, contact.owner());
        }
        values.putAll(attributes);
        values.put(CONTACT, contact.name());
        var errors = new ArrayList<ProblemError>();
        var read = writer.checked(
                new RecordReader(shape).fromJson(new HashMap<>(Map.of("attributes", values)), errors), errors);
        if (errors.isEmpty()) {
            writer.add(List.of(new RecordTable.New(null, Fields.none(Leads.TYPE).with(read))));
            writer.finish(changes);
        }
        return errors;
    }
}
