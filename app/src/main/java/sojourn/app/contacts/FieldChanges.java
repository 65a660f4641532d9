package sojourn.app.contacts;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checked new values of a contact by attribute name; null clears.
 *
 * @param clearsAttributes whether custom attributes that are not among the values go
 */
record FieldChanges(Map<String, @Nullable Object> values, boolean clearsAttributes) {}
