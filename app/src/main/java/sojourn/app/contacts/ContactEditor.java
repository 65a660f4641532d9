package sojourn.app.contacts;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.contacts.RecordWriter.Update;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.platform.Versions;
import sojourn.app.security.AuditLog;
import sojourn.app.security.Deed;

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
            // What leads to which contact stays until this is written, and so does what is declared.
            Erasure.holdOff(handle);
            DeclarationLock.share(handle);
            var shape = Shape.read(handle, ProfileTypes.CONTACT);
            var writer = writer(handle, shape);
            var old = lock(handle, reference);
            var wanted = Fields.none(ProfileTypes.CONTACT).with(read(shape, writer, reference, old.orElse(null), body));
            if (reference.externalId() != null) {
                wanted = wanted.with("externalId", reference.externalId());
            }
            if (old.isEmpty()) {
                refuseAlias(handle, wanted);
                if (ifMatch != null) {
                    throw new Problem(ProblemType.STALE, "If-Match was sent, but there is no such contact");
                }
                var added = writer.add(List.of(new RecordTable.New(reference.uuid(), wanted)));
                if (!added.isEmpty()) {
                    writer.finish(changes);
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
            var before = new ContactTable(handle, shape).fields(old.get());
            wanted = named(reference, old.get(), wanted);
            return new Written(update(handle, writer, new Update<>(old.get(), before, wanted), ifMatch), false);
        });
        changes.kick();
        return written;
    }

    /** Changes the fields that are there; null clears. */
    Contact patch(Reference reference, Map<String, @Nullable Object> body, @Nullable String ifMatch) {
        var patched = Transactions.in(jdbi, handle -> {
            Erasure.holdOff(handle);
            DeclarationLock.share(handle);
            var shape = Shape.read(handle, ProfileTypes.CONTACT);
            var writer = writer(handle, shape);
            var old = lock(handle, reference)
                    .filter(contact -> !contact.state().equals(Contact.ERASED))
                    .orElseThrow(reference::notFound);
            var before = new ContactTable(handle, shape).fields(old);
            var wanted = named(reference, old, before.with(read(shape, writer, null, old, body)));
            return update(handle, writer, new Update<>(old, before, wanted), ifMatch);
        });
        changes.kick();
        return patched;
    }

    /** Removes everything personal, here and in every feature; rows stay without a person. Twice is as good as once. */
    void erase(Reference reference, @Nullable String ifMatch, Deed deed) {
        var erased = Transactions.in(jdbi, handle -> {
            Erasure.lock(handle);
            DeclarationLock.share(handle);
            var contact = lock(handle, reference).orElseThrow(reference::notFound);
            if (contact.state().equals(Contact.ERASED)) {
                return contact;
            }
            Versions.heed(ifMatch, contact.version());
            erasure.erase(handle, contact);
            var touched = new Touched();
            LeadErasure.erase(handle, contact, touched, now());
            RegistrationErasure.erase(handle, contact, changes, now());
            new Ties(handle, touched, now()).cut(ProfileTypes.CONTACT, contact);
            handle.attach(ContactDao.class).erase(contact.id(), null, now());
            AuditLog.forget(handle, Aliases.uuids(handle, contact.id()));
            AuditLog.forget(handle, List.of(contact.uuid()));
            Aliases.erase(handle, contact.id());
            AuditLog.note(
                    handle,
                    now(),
                    deed,
                    new AuditLog.Done("erased", "contact", contact.uuid().toString(), contact.uuid(), Map.of()));
            touched.record(ProfileTypes.CONTACT, contact.id());
            touched.renamed(ProfileTypes.CONTACT, contact.name(), null);
            touched.leaveWord(handle, changes, now());
            return contact;
        });
        changes.kick();
        log.info("contact {} erased", erased.uuid());
    }

    private Contact update(
            Handle handle, RecordWriter<Contact> writer, Update<Contact> update, @Nullable String ifMatch) {
        var old = update.old();
        Versions.heed(ifMatch, old.version());
        var externalId = update.wanted().externalId();
        if (externalId != null && !externalId.equals(old.externalId())) {
            refuseTaken(handle, update.wanted(), old.id());
            Aliases.remove(handle, externalId);
        }
        if (writer.update(List.of(update)).isEmpty()) {
            return old;
        }
        writer.finish(changes);
        return handle.attach(ContactDao.class).find(old.id()).orElseThrow();
    }

    private RecordWriter<Contact> writer(Handle handle, Shape shape) {
        return new RecordWriter<>(handle, shape, new ContactTable(handle, shape), RecordWriter.Completion.NONE, now());
    }

    private static FieldChanges read(
            Shape shape,
            RecordWriter<Contact> writer,
            @Nullable Reference reference,
            @Nullable Contact old,
            Map<String, @Nullable Object> body) {
        var errors = new ArrayList<ProblemError>();
        var fields = writer.checked(new RecordReader(shape).fromJson(body, errors), errors);
        var externalId = fields.values().get("externalId");
        if (reference != null
                && reference.externalId() != null
                && externalId != null
                && !externalId.equals(reference.externalId())
                && (old == null || !externalId.equals(old.externalId()))) {
            errors.add(ProblemError.at("/externalId", "mismatch", "the path names another external id"));
        }
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
        return fields;
    }

    /** Behind {@link Erasure#holdOff} or {@link Erasure#lock}, so that what was found is not merged before it is locked. */
    private static Optional<Contact> lock(Handle handle, Reference reference) {
        var dao = handle.attach(ContactDao.class);
        return dao.find(reference.externalId(), reference.uuid()).flatMap(found -> dao.lock(found.id()));
    }

    /** A contact that is named by the external id of one that was merged into it keeps its own. */
    private static Fields named(Reference reference, Contact old, Fields wanted) {
        var name = reference.externalId();
        return name != null && !name.equals(old.externalId()) && name.equals(wanted.externalId())
                ? wanted.with("externalId", old.externalId())
                : wanted;
    }

    /** That no contact has it as its own is seen when it is added. */
    private static void refuseAlias(Handle handle, Fields wanted) {
        var externalId = wanted.externalId();
        if (externalId != null
                && !Aliases.byExternalId(handle, List.of(externalId)).isEmpty()) {
            throw externalIdTaken();
        }
    }

    private static void refuseTaken(Handle handle, Fields wanted, long except) {
        var externalId = wanted.externalId();
        if (externalId != null
                && handle.attach(ContactDao.class)
                        .find(externalId, null)
                        .filter(other -> other.id() != except)
                        .isPresent()) {
            throw externalIdTaken();
        }
    }

    private static Problem externalIdTaken() {
        return RecordWriter.externalIdTaken(ProfileTypes.CONTACT);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
