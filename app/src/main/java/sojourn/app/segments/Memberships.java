package sojourn.app.segments;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Says who is in which segment now; of a stopped segment, who was in it when it stopped. */
public final class Memberships {

    public boolean isMember(Handle handle, long contact, int segment) {
        return handle.createQuery("""
                        select exists (select from membership where segment_id = :segment and contact_id = :contact)
                        """)
                .bind("segment", segment)
                .bind("contact", contact)
                .mapTo(Boolean.class)
                .one();
    }

    /** Those of these contacts that are members. */
    public Set<Long> membersAmong(Handle handle, Collection<Long> contacts, int segment) {
        return handle.createQuery("""
                        select contact_id from membership where segment_id = :segment and contact_id = any(:contacts)
                        """)
                .bind("segment", segment)
                .bind("contacts", contacts.toArray(Long[]::new))
                .mapTo(Long.class)
                .set();
    }

    /** The segments that a contact is in, by id. */
    public Set<Integer> of(Handle handle, long contact) {
        return handle.createQuery("select segment_id from membership where contact_id = :contact")
                .bind("contact", contact)
                .mapTo(Integer.class)
                .set();
    }

    /** The members whose ids come after one, in the order of ids; begin with 0. */
    public List<Long> page(Handle handle, int segment, long afterContact, int limit) {
        return handle.createQuery("""
                        select contact_id from membership
                        where segment_id = :segment and contact_id > :after
                        order by contact_id
                        limit :limit
                        """)
                .bind("segment", segment)
                .bind("after", afterContact)
                .bind("limit", limit)
                .mapTo(Long.class)
                .list();
    }

    public long size(Handle handle, int segment) {
        return handle.createQuery("select count(*) from membership where segment_id = :segment")
                .bind("segment", segment)
                .mapTo(Long.class)
                .one();
    }
}
