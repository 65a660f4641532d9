package sojourn.app.contacts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.ImportRows.Row;
import sojourn.app.platform.ProblemError;

/** Takes in what other features are told about contacts, field by field: what fits is stored, the rest is answered. */
public final class ContactIntake {

    private static final String ATTRIBUTES = "/attributes/";

    private final Contacts contacts;
    private final Changes changes;

    ContactIntake(Contacts contacts, Changes changes) {
        this.contacts = contacts;
        this.changes = changes;
    }

    /** What names a contact cannot be, and why; null when it can. */
    public static @Nullable ProblemError refusal(String pointer, String externalId) {
        try {
            return Values.text(externalId, BuiltInChecks.LONGEST_TEXT) == null
                    ? ProblemError.at(pointer, "required", "an external id is not empty")
                    : null;
        } catch (Unfit unfit) {
            return ProblemError.at(pointer, unfit.code(), unfit.detail());
        }
    }

    /**
     * Merges fields into the contact of an external id, or makes it; in the caller's transaction, which holds erasures off. After
     * the commit the caller kicks {@link Changes}.
     *
     * @param fields as the API has them
     * @param leftOut gets what does not fit, by pointers into the fields
     * @return the contact's short key
     */
    public long merge(
            Handle handle,
            String externalId,
            Map<String, ? extends @Nullable Object> fields,
            Instant now,
            List<ProblemError> leftOut) {
        DeclarationLock.share(handle);
        var shape = Shape.read(handle, ProfileTypes.CONTACT);
        var table = new ContactTable(handle, shape);
        var writer = new RecordWriter<>(handle, shape, table, RecordWriter.Completion.NONE, now);
        var read = writer.checked(new RecordReader(shape).fromJson(new HashMap<>(fields), leftOut), leftOut);
        var values = new HashMap<String, @Nullable Object>(read.values());
        leftOut.forEach(error -> values.remove(attribute(error)));
        values.put("externalId", externalId);
        var row = new Row(0, 0, null, new FieldChanges(values, read.clearsAttributes()), List.of());
        var refused = new ArrayList<ProblemError>();
        new RecordMerge<>(ProfileTypes.CONTACT, table, writer)
                .merge(List.of(row), (_, errors) -> refused.addAll(errors));
        if (!refused.isEmpty()) {
            throw new IllegalStateException("a contact of nothing but what fits was refused: "
                    + refused.getFirst().code());
        }
        writer.finish(changes);
        return contacts.resolve(handle, Contacts.EXTERNAL + externalId).orElseThrow();
    }

    /** The attribute that an error is about; of a lookup that names nothing the value is still there. */
    private static String attribute(ProblemError error) {
        var pointer = String.valueOf(error.pointer());
        return pointer.startsWith(ATTRIBUTES) ? pointer.substring(ATTRIBUTES.length()) : pointer;
    }
}
