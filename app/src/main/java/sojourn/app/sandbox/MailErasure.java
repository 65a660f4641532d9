package sojourn.app.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.Contact;
import sojourn.app.contacts.Erasure;
import sojourn.app.delivery.Deliveries;

/** Takes out of the mail catcher what was sent to an erased contact, whatever its address was then, and tests of it. */
final class MailErasure implements Erasure.Step {

    private static final Pattern WHOSE = Pattern.compile("(?im)^(?:Message-ID: <|" + Deliveries.TEST_OF
            + ": )([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})");

    private final MailCatcher mails;

    MailErasure(MailCatcher mails) {
        this.mails = mails;
    }

    @Override
    public void erase(Handle handle, Contact contact) {
        var ids = new Deliveries().mailIds(handle, contact);
        mails.forget((to, mail) -> to.equalsIgnoreCase(contact.email()) || isOf(ids, mail));
    }

    private static boolean isOf(Set<UUID> ids, byte[] mail) {
        var text = new String(mail, StandardCharsets.ISO_8859_1);
        var body = text.indexOf("\r\n\r\n");
        return WHOSE.matcher(body < 0 ? text : text.substring(0, body))
                .results()
                .anyMatch(found -> ids.contains(UUID.fromString(found.group(1))));
    }
}
