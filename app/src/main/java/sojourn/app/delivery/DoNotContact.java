package sojourn.app.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Contact;

/** Addresses never to be written to again, kept as keyed hashes since their owners were erased. */
final class DoNotContact {

    private final Keys keys;

    DoNotContact(Jdbi jdbi) {
        this.keys = new Keys(jdbi, "do-not-contact-key");
    }

    boolean has(Handle handle, String contactPoint) {
        return handle.createQuery("select exists (select from do_not_contact where hash = :hash)")
                .bind("hash", hash(contactPoint))
                .mapTo(Boolean.class)
                .one();
    }

    void add(Handle handle, String contactPoint, Instant at) {
        handle.createUpdate("""
                        insert into do_not_contact (hash, created_at) values (:hash, :at) on conflict do nothing
                        """).bind("hash", hash(contactPoint)).bind("at", at).execute();
    }

    /** Whoever is erased one day had this address too, as one that was merged into another. */
    void keep(Handle handle, Contact loser, long winner) {
        handle.execute("""
                insert into former_address (contact_id, hash)
                select ?, hash from former_address where contact_id = ?
                on conflict do nothing
                """, winner, loser.id());
        handle.execute("delete from former_address where contact_id = ?", loser.id());
        if (loser.email() != null) {
            keep(handle, loser.email(), winner);
        }
        if (loser.phone() != null) {
            keep(handle, PhoneNumbers.international(loser.phone()).orElse(loser.phone()), winner);
        }
    }

    private void keep(Handle handle, String contactPoint, long winner) {
        handle.execute(
                "insert into former_address (contact_id, hash) values (?, ?) on conflict do nothing",
                winner,
                hash(contactPoint));
    }

    /** Puts all addresses on the list that a contact is known to have had. */
    void addAll(Handle handle, Contact contact, Instant at) {
        var known = handle.createQuery("""
                        select contact_point from delivery where contact_id = :contact and contact_point is not null
                        union
                        select contact_point from consent where contact_id = :contact
                        """)
                .bind("contact", contact.id())
                .mapTo(String.class)
                .list();
        known.forEach(contactPoint -> add(handle, contactPoint, at));
        if (contact.email() != null) {
            add(handle, contact.email(), at);
        }
        if (contact.phone() != null) {
            add(handle, PhoneNumbers.international(contact.phone()).orElse(contact.phone()), at);
        }
        handle.execute("""
                insert into do_not_contact (hash, created_at)
                select hash, ? from former_address where contact_id = ?
                on conflict do nothing
                """, at, contact.id());
        handle.execute("delete from former_address where contact_id = ?", contact.id());
    }

    private byte[] hash(String contactPoint) {
        return keys.sign(Consents.normal(contactPoint).getBytes(StandardCharsets.UTF_8));
    }
}
