package sojourn.app.contacts;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.platform.Versions;

/** Writes single contacts, and leaves word of each change in the same transaction. */
final class ContactEditor {

    /** A contact as written. */
    record Written(Contact contact, boolean created) {}

    private static final Logger log = LoggerFactory.getLogger(ContactEditor.class);

    private final Jdbi jdbi;
    private final Changes changes;
    private final Erasure erasure;
    private final InstantSource clock;

    ContactEditor(Jdbi jdbi, Changes changes, Erasure erasure, InstantSource clock) {
        this.jdbi = jdbi;
        this.changes = changes;
        this.erasure = erasure;
        this.clock = clock;
    }

    /** Makes the contact that the reference names, or gives it these fields and no others. */
    Written put(Reference reference, Map<String, @Nullable Object> body, @Nullable String ifMatch) {
        var written = Transactions.in(jdbi, handle -> {
            var shape = ContactShape.read(handle);
            var wanted = ContactFields.NONE.with(read(shape, reference, body));
            if (reference.externalId() != null) {
                wanted = wanted.with(
                        new FieldChanges(new HashMap<>(Map.of("externalId", reference.externalId())), false));
            }
            var old = lock(handle, reference);
            if (old.isEmpty()) {
                if (ifMatch != null) {
                    throw new Problem(ProblemType.STALE, "If-Match was sent, but there is no such contact");
                }
                var added =
                        ContactTable.add(handle, List.of(new ContactTable.New(reference.uuid(), wanted)), shape, now());
                if (!added.isEmpty()) {
                    leaveWord(handle, added.getFirst());
                    return new Written(added.getFirst(), true);
                }
                // Somebody else was quicker: it is there now, or the external id in the body is another's.
                old = lock(handle, reference);
            }
            if (old.isEmpty()) {
                throw externalIdTaken();
            }
            if (old.get().state().equals(Contact.ERASED)) {
                throw new Problem(ProblemType.WRONG_STATE, "The contact has been erased");
            }
            return new Written(update(handle, old.get(), wanted, shape, ifMatch), false);
        });
        changes.kick();
        return written;
    }

    /** Changes the fields that are there; null clears. */
    Contact patch(Reference reference, Map<String, @Nullable Object> body, @Nullable String ifMatch) {
        var patched = Transactions.in(jdbi, handle -> {
            var shape = ContactShape.read(handle);
            var old = lock(handle, reference)
                    .filter(contact -> !contact.state().equals(Contact.ERASED))
                    .orElseThrow(reference::notFound);
            var wanted = ContactFields.of(old).with(read(shape, null, body));
            return update(handle, old, wanted, shape, ifMatch);
        });
        changes.kick();
        return patched;
    }

    /** Removes everything personal, here and in every feature; rows stay without a person. Twice is as good as once. */
    void erase(Reference reference, @Nullable String ifMatch) {
        var erased = Transactions.in(jdbi, handle -> {
            Erasure.lock(handle);
            var contact = lock(handle, reference).orElseThrow(reference::notFound);
            if (contact.state().equals(Contact.ERASED)) {
                return contact;
            }
            Versions.heed(ifMatch, contact.version());
            erasure.erase(handle, contact);
            handle.attach(ContactDao.class).erase(contact.id(), now());
            leaveWord(handle, contact);
            return contact;
        });
        changes.kick();
        log.info("contact {} erased", erased.uuid());
    }

    private Contact update(
            Handle handle, Contact old, ContactFields wanted, ContactShape shape, @Nullable String ifMatch) {
        Versions.heed(ifMatch, old.version());
        if (wanted.equals(ContactFields.of(old))) {
            return old;
        }
        var externalId = wanted.text("externalId");
        if (externalId != null && !externalId.equals(old.externalId())) {
            var other = handle.attach(ContactDao.class).find(externalId, null);
            if (other.isPresent()) {
                throw externalIdTaken();
            }
        }
        ContactTable.update(handle, Map.of(old.id(), wanted), shape, now());
        leaveWord(handle, old);
        return handle.attach(ContactDao.class).find(old.id()).orElseThrow();
    }

    private FieldChanges read(ContactShape shape, @Nullable Reference reference, Map<String, @Nullable Object> body) {
        var errors = new ArrayList<ProblemError>();
        var fields = new ContactReader(shape).fromJson(body, errors);
        var externalId = fields.values().get("externalId");
        if (reference != null
                && reference.externalId() != null
                && externalId != null
                && !externalId.equals(reference.externalId())) {
            errors.add(ProblemError.at("/externalId", "mismatch", "the path names another external id"));
        }
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
        return fields;
    }

    private static Optional<Contact> lock(Handle handle, Reference reference) {
        return handle.attach(ContactDao.class).lock(reference.externalId(), reference.uuid());
    }

    private void leaveWord(Handle handle, Contact contact) {
        changes.record(handle, List.of(contact.id()), List.of(Changes.PROFILE), now());
    }

    private static Problem externalIdTaken() {
        return new Problem(ProblemType.CONFLICT, "Another contact has this external id");
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
