package sojourn.app.contacts;

import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import sojourn.app.platform.Problem;

/**
 * What contacts may have just now.
 *
 * @param attributes built-in and declared ones by name
 * @param businessUnits the keys of the business units that there are
 */
record ContactShape(Map<String, Declaration> attributes, boolean allowUndeclared, Set<String> businessUnits) {

    static ContactShape read(Handle handle) {
        var type = handle.attach(ProfileTypeDao.class)
                .find("contact")
                .orElseThrow(() -> Problem.notFound("profile type", "contact"));
        return new ContactShape(
                ProfileTypes.contactAttributes(handle), type.allowUndeclared(), BusinessUnits.keys(handle));
    }
}
