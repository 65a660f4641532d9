package sojourn.app.contacts;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;

/**
 * How a path names a contact or another record: by its UUID, or by {@code external:} and its external id. One of the two
 * is null.
 *
 * @param type the key of its profile type
 */
record Reference(String type, @Nullable UUID uuid, @Nullable String externalId) {

    static Reference toContact(String text) {
        return parse(ProfileTypes.CONTACT, text);
    }

    static Reference parse(String type, String text) {
        if (text.startsWith(Contacts.EXTERNAL)) {
            try {
                var externalId = Values.text(text.substring(Contacts.EXTERNAL.length()), BuiltInChecks.LONGEST_TEXT);
                if (externalId != null) {
                    return new Reference(type, null, externalId);
                }
            } catch (Unfit unfit) {
                // falls through to the problem below
            }
        }
        var uuid = Contacts.uuid(text);
        if (uuid == null) {
            throw new Problem(
                    ProblemType.NOT_FOUND,
                    "A record of type " + type + " is named by its UUID, or by external: and its external id");
        }
        return new Reference(type, uuid, null);
    }

    Problem notFound() {
        return Problem.notFound(type, externalId == null ? String.valueOf(uuid) : "with this external id");
    }
}
