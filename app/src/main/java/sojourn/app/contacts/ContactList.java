package sojourn.app.contacts;

import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.TimeLimit;

/**
 * Contacts in the order in which they were made: all, or those that are looked for.
 *
 * @param email folded
 * @param q folded
 * @param withContactPoints whether whoever asks may see addresses and phone numbers
 */
record ContactList(
        @Nullable String externalId,
        @Nullable String email,
        @Nullable String q,
        boolean withContactPoints) {

    /** As asked for; an address may be looked for by those only who may see it. */
    static ContactList of(
            @Nullable String externalId, @Nullable String email, @Nullable String q, boolean withContactPoints) {
        if (email != null && !withContactPoints) {
            throw new Problem(ProblemType.FORBIDDEN, "This key's role does not see contact points");
        }
        return new ContactList(
                externalId,
                email == null ? null : Fold.text(email),
                q == null || q.isBlank() ? null : Fold.text(q.strip()),
                withContactPoints);
    }

    Page<Contact> page(Jdbi jdbi, @Nullable String cursor, int size) {
        var after = Cursor.parse(cursor, 1);
        var contacts = TimeLimit.read(
                jdbi,
                handle -> handle.attach(ContactDao.class)
                        .page(after == null ? 0 : after.number(0), externalId, email, q, withContactPoints, size + 1));
        return Page.of(contacts, size, contact -> Cursor.of(contact.id()))
                .map(contact -> withContactPoints ? contact : contact.withoutContactPoints());
    }
}
