package sojourn.app.contacts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import sojourn.app.platform.ProblemError;
import sojourn.app.security.Deed;

/** Declares attributes for other features, in their transactions. */
public final class NewAttributes {

    private final ProfileTypeEditor editor;

    NewAttributes(ProfileTypeEditor editor) {
        this.editor = editor;
    }

    /**
     * Declares what is not declared yet. What is must be of the same type; options that it lacks are added. Nothing of it is
     * taken away until the transaction ends. To be called before any other lock is taken.
     *
     * @param pointer where {@code wanted} stands
     * @param wanted declarations by attribute, by profile type
     * @param errors gets what is wrong
     * @param deed who has it declared
     * @return what is new, like {@code contact.tier}
     */
    public List<String> declare(
            Handle handle,
            String pointer,
            Map<String, Map<String, Object>> wanted,
            List<ProblemError> errors,
            Deed deed) {
        // Whoever writes records waits for whoever declares: nobody needs to where everything is there.
        var before = errors.size();
        var isMissing = wanted.entrySet().stream()
                .anyMatch(type -> !editor.missing(handle, pointer, type.getKey(), type.getValue(), errors)
                        .isEmpty());
        errors.subList(before, errors.size()).clear();
        if (isMissing) {
            DeclarationLock.take(handle);
        } else {
            DeclarationLock.share(handle);
        }
        var added = new ArrayList<String>();
        wanted.forEach((type, attributes) -> editor.declareMissing(handle, pointer, type, attributes, errors, deed)
                .forEach(attribute -> added.add(type + "." + attribute)));
        return added;
    }
}
