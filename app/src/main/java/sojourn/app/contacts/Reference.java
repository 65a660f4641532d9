package sojourn.app.contacts;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;

/** How a path names a contact: by its UUID, or by {@code external:} and its external id. One of the two is null. */
record Reference(@Nullable UUID uuid, @Nullable String externalId) {

    static Reference parse(String text) {
        if (text.startsWith(Contacts.EXTERNAL)) {
            try {
                var externalId = Values.text(text.substring(Contacts.EXTERNAL.length()), BuiltInChecks.LONGEST_TEXT);
                if (externalId != null) {
                    return new Reference(null, externalId);
                }
            } catch (Unfit unfit) {
                // falls through to the problem below
            }
        }
        var uuid = Contacts.uuid(text);
        if (uuid == null) {
            throw new Problem(
                    ProblemType.NOT_FOUND, "A contact is named by its UUID, or by external: and its external id");
        }
        return new Reference(uuid, null);
    }

    Problem notFound() {
        return Problem.notFound("contact", externalId == null ? String.valueOf(uuid) : "with this external id");
    }
}
