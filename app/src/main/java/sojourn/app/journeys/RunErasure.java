package sojourn.app.journeys;

import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.Contact;
import sojourn.app.contacts.Erasure;

/** Leaves of an erased contact's runs nothing of what it did to enter, and takes it out of the lines in which it waits to: the ids and values of that came from outside. */
final class RunErasure implements Erasure.Step {

    @Override
    public void erase(Handle handle, Contact contact) {
        handle.execute(
                "update run set trigger_id = null, trigger_at = null, binding = null where contact_id = ? and trigger_id is not null",
                contact.id());
        handle.execute("delete from entry_wait where contact_id = ?", contact.id());
    }
}
