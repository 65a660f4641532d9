package sojourn.app.interactions;

import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.Contact;
import sojourn.app.contacts.Erasure;

/**
 * Leaves of an erased contact's interactions only what figures count: kind, instant, and the built-in properties but for
 * links. What was sent from outside loses its id and its hash too, since both may tell about the person.
 */
final class InteractionErasure implements Erasure.Step {

    @Override
    public void erase(Handle handle, Contact contact) {
        var kept = BuiltInProperties.all().keySet().stream()
                .filter(name -> !name.equals("link"))
                .toArray(String[]::new);
        handle.createUpdate("""
                        delete from interaction_seen
                        where id in (select id from interaction where contact_id = :contact and journey is null)
                        """).bind("contact", contact.id()).execute();
        handle.createUpdate("""
                        update interaction set
                          id = case when journey is null then 'erased-' || gen_random_uuid() else id end,
                          content_hash = case when journey is null then gen_random_uuid() else content_hash end,
                          binding_key = null,
                          properties = (select jsonb_object_agg(key, value) from jsonb_each(properties)
                                        where key = any(:kept)),
                          folded = (select jsonb_object_agg(key, value) from jsonb_each(folded) where key = any(:kept)),
                          lookups = null
                        where contact_id = :contact
                        """)
                .bind("contact", contact.id())
                .bind("kept", kept)
                .execute();
    }
}
