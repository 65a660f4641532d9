package sojourn.app.contacts;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What may be known about records of a type. */
public final class ProfileTypes {

    /** The key of the type whose records are people, which have a table and an API of their own. */
    public static final String CONTACT = "contact";

    /**
     * A type of records.
     *
     * @param attributes built-in ones first, then as declared
     */
    public record Type(short id, Map<String, Declaration> attributes) {

        public Type {
            attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        }
    }

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
        return attributes(handle, CONTACT);
    }

    /** Every type by key, contact included. */
    public static Map<String, Type> all(Handle handle) {
        var declared = new HashMap<String, Map<String, Declaration>>();
        for (var attribute : handle.attach(ProfileTypeDao.class).attributes()) {
            declared.computeIfAbsent(attribute.profileType(), _ -> new LinkedHashMap<>())
                    .put(attribute.key(), attribute.declaration());
        }
        var all = new LinkedHashMap<String, Type>();
        for (var type : handle.attach(ProfileTypeDao.class).all()) {
            var attributes = new LinkedHashMap<>(BuiltInAttributes.of(type.key()));
            attributes.putAll(declared.getOrDefault(type.key(), Map.of()));
            all.put(type.key(), new Type(type.id(), attributes));
        }
        return Collections.unmodifiableMap(all);
    }

    /** What was declared here of a type's attributes, and neither is built in nor came with the product. */
    public static Map<String, Declaration> ownAttributes(Handle handle, String type) {
        var own = new LinkedHashMap<String, Declaration>();
        for (var attribute : handle.attach(ProfileTypeDao.class).attributes(type)) {
            if (!attribute.builtIn()) {
                own.put(attribute.key(), attribute.declaration());
            }
        }
        return own;
    }

    /** Every type by key, none of which is removed until the transaction ends. */
    public static Map<String, Type> held(Handle handle) {
        DeclarationLock.share(handle);
        return all(handle);
    }

    /** The ids of types by key; those that are not there are left out. */
    static Map<String, Short> ids(Handle handle, Collection<String> keys) {
        var ids = new HashMap<String, Short>();
        for (var type : handle.attach(ProfileTypeDao.class).findAll(keys.toArray(String[]::new))) {
            ids.put(type.key(), type.id());
        }
        return ids;
    }

    static Map<String, Declaration> attributes(Handle handle, String type) {
        var all = new LinkedHashMap<>(BuiltInAttributes.of(type));
        all.putAll(declared(handle, type));
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
