package sojourn.app.contacts;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The columns of a table of records, named as imports read them. */
final class RecordColumns {

    private static final List<String> NEVER_WRITTEN = List.of("createdAt", "updatedAt");

    private RecordColumns() {}

    /**
     * Those of a type: what is built in, what is declared, and where anything may be sent what any record has beside that.
     *
     * @param withContactPoints whether addresses and phone numbers are shown
     */
    static List<String> of(Handle handle, Shape shape, boolean withContactPoints) {
        var names = new ArrayList<>(shape.attributes().keySet());
        if (shape.allowUndeclared()) {
            names.addAll(undeclared(handle, shape));
        }
        names.removeAll(NEVER_WRITTEN);
        if (!withContactPoints) {
            names.removeAll(Profile.CONTACT_POINTS);
        }
        var columns = new ArrayList<>(List.of("id"));
        names.forEach(name -> columns.add(shape.isBuiltIn(name) ? name : "attributes." + name));
        return columns;
    }

    private static List<String> undeclared(Handle handle, Shape shape) {
        return handle.createQuery("""
                        select distinct key from (select attributes from %s) as record, jsonb_object_keys(attributes) as key
                        where not key = any(:declared)
                        order by key
                        """.formatted(Records.in(shape.type())))
                .bind("type", shape.type())
                .bind("declared", shape.attributes().keySet().toArray(String[]::new))
                .mapTo(String.class)
                .list();
    }
}
