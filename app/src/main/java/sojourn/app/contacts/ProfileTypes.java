package sojourn.app.contacts;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What may be known about records of a type. */
public final class ProfileTypes {

    private final Jdbi jdbi;

    public ProfileTypes(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Every attribute of a contact by name, built-in ones first, then as declared. */
    public Map<String, Declaration> contactAttributes() {
        return jdbi.withHandle(ProfileTypes::contactAttributes);
    }

    /** The same, within the caller's transaction. */
    public static Map<String, Declaration> contactAttributes(Handle handle) {
        var all = new LinkedHashMap<>(BuiltInAttributes.all());
        all.putAll(declared(handle, "contact"));
        return Collections.unmodifiableMap(all);
    }

    static Map<String, Declaration> declared(Handle handle, String type) {
        var declared = new LinkedHashMap<String, Declaration>();
        for (var attribute : handle.attach(ProfileTypeDao.class).attributes(type)) {
            declared.put(attribute.key(), attribute.declaration());
        }
        return declared;
    }
}
