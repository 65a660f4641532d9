package sojourn.app.journeys;

import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.Contact;
import sojourn.app.contacts.Erasure;

/**
 * Leaves of an erased contact's runs, and of those of whoever was merged into it, nothing of what it did to enter and of what
 * branches have seen, and takes it out of the lines in which it waits to.
 */
final class RunErasure implements Erasure.Step {

    @Override
    public void erase(Handle handle, Contact contact) {
        // Every run is written: so whoever carries one on comes first, or looks at a contact that is gone.
        handle.createUpdate("""
                        update run set trigger_id = null, trigger_at = null, binding = null
                        where contact_id in (select id from contact where id = :contact or merged_into = :contact)
                        """).bind("contact", contact.id()).execute();
        handle.createUpdate("""
                        update tile_visit set seen = null
                        where seen is not null
                          and run_id in (select r.id from run r join contact c on c.id = r.contact_id
                                         where c.id = :contact or c.merged_into = :contact)
                        """).bind("contact", contact.id()).execute();
        handle.execute("delete from entry_wait where contact_id = ?", contact.id());
    }
}
