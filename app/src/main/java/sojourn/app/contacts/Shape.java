package sojourn.app.contacts;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import sojourn.app.platform.Problem;

/**
 * What records of a type may have just now.
 *
 * @param attributes built-in and declared ones by name
 * @param businessUnits the keys of the business units that there are; only contacts belong to one
 * @param recordChanges whether what is made and changed of records is told, to be recorded
 */
record Shape(
        short typeId,
        String type,
        Map<String, Declaration> attributes,
        boolean allowUndeclared,
        Set<String> businessUnits,
        boolean recordChanges) {

    static Shape read(Handle handle, String type) {
        var row = handle.attach(ProfileTypeDao.class)
                .find(type)
                .orElseThrow(() -> Problem.notFound("profile type", type));
        return new Shape(
                row.id(),
                type,
                ProfileTypes.attributes(handle, type),
                row.allowUndeclared(),
                type.equals(ProfileTypes.CONTACT) ? BusinessUnits.keys(handle) : Set.of(),
                row.recordChanges());
    }

    /** With attributes that are about to be declared. */
    Shape with(Map<String, Declaration> declared) {
        var all = new LinkedHashMap<>(attributes);
        all.putAll(declared);
        return new Shape(typeId, type, all, allowUndeclared, businessUnits, recordChanges);
    }

    boolean isBuiltIn(String attribute) {
        return BuiltInAttributes.of(type).containsKey(attribute);
    }

    boolean isLookup(String attribute) {
        var declaration = attributes.get(attribute);
        return declaration != null && declaration.type() == ValueType.LOOKUP;
    }
}
