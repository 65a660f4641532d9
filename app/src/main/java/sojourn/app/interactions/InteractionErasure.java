package sojourn.app.interactions;

import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.Contact;
import sojourn.app.contacts.Erasure;

/**
 * Leaves of an erased contact's interactions only what figures count: kind, instant, and the built-in properties but for
 * links. What was sent from outside loses its id and its hash too, and every property that the product itself has not said
 * of this contact. Those of others that named the contact are seen to by {@link InteractionLookups}.
 */
final class InteractionErasure implements Erasure.Step {

    @Override
    public void erase(Handle handle, Contact contact) {
        var kept = BuiltInProperties.all().keySet().stream()
                .filter(name -> !name.equals("link"))
                .toArray(String[]::new);
        handle.createUpdate("""
                        delete from interaction_seen
                        where id in (select id from interaction where contact_id = :contact and id !~ :own)
                        """)
                .bind("contact", contact.id())
                .bind("own", OwnInteractions.ID)
                .execute();
        handle.createUpdate("""
                        with known as materialized (
                          select distinct key, value
                          from interaction, jsonb_each(properties)
                          where contact_id = :contact and id ~ :own and key = any(:kept)),
                        cleared as materialized (
                          select id, occurred_at, id ~ :own as own,
                                 (select jsonb_object_agg(key, value) from jsonb_each(properties) as sent
                                  where key = any(:kept)
                                    and (id ~ :own
                                         or exists (select from known
                                                    where known.key = sent.key and known.value = sent.value))) as left_over
                          from interaction where contact_id = :contact)
                        update interaction i set
                          id = case when own then i.id else 'erased-' || gen_random_uuid() end,
                          content_hash = case when own then content_hash else gen_random_uuid() end,
                          binding_key = null,
                          journey = left_over ->> 'journey',
                          tile = left_over ->> 'tile',
                          properties = left_over,
                          lookups = null,
                          folded = (select jsonb_object_agg(key, value) from jsonb_each(folded) where left_over ?? key)
                        from cleared
                        where i.contact_id = :contact and i.id = cleared.id and i.occurred_at = cleared.occurred_at
                        """)
                .bind("contact", contact.id())
                .bind("own", OwnInteractions.ID)
                .bind("kept", kept)
                .execute();
    }
}
