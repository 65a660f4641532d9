package sojourn.app.contacts;

import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the leads of a contact that is erased, and those of its address without a contact: a lead is about the same
 * person, and would bring the contact back.
 */
final class LeadErasure {

    private LeadErasure() {}

    /** Before the contact's links go. */
    static void erase(Handle handle, Contact contact, Touched touched, Instant now) {
        var leads = handle.createQuery("""
                        select p.*, :lead::text as type from profile p
                        where p.type_id = (select id from profile_type where key = :lead)
                          and (p.id in (select l.from_id from link l join relationship r on r.id = l.relationship_id
                                        where r.key = 'lead_contact' and l.to_id = :contact)
                               or (p.folded @> jsonb_build_object('email', :email::text)
                                   and not p.attributes ?? 'contact'))
                        order by p.id
                        for update
                        """)
                .bind("lead", Leads.TYPE)
                .bind("contact", contact.id())
                .bind("email", folded(contact.email()))
                .map(ConstructorMapper.of(Profile.class))
                .list();
        var ties = new Ties(handle, touched, now);
        for (var lead : leads) {
            ties.cut(Leads.TYPE, lead);
            handle.attach(ProfileDao.class).delete(lead.id());
            // Nothing names it any more, so that its own name need not be kept.
            touched.record(Leads.TYPE, lead.id());
            touched.renamed(Leads.TYPE, lead.name(), null);
        }
    }

    private static @Nullable String folded(@Nullable String email) {
        return email == null ? null : Fold.text(email);
    }
}
