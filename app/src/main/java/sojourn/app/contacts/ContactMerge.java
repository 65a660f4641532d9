package sojourn.app.contacts;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.contacts.RecordWriter.Update;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.platform.Versions;
import sojourn.app.security.AuditLog;
import sojourn.app.security.Deed;

/**
 * Makes one contact of two that are the same person. What the winner knows stands, what it does not know it gets from the
 * loser; whatever hangs on the loser is the winner's from then on, and the loser's names lead to the winner. One transaction,
 * one merge at a time.
 */
final class ContactMerge {

    private static final Logger log = LoggerFactory.getLogger(ContactMerge.class);
    private static final String ADDRESS = "address.";
    private static final Set<String> POSITION = Set.of("latitude", "longitude");

    private final Jdbi jdbi;
    private final Changes changes;
    private final Merges merges;
    private final InstantSource clock;

    ContactMerge(Jdbi jdbi, Changes changes, Merges merges, InstantSource clock) {
        this.jdbi = jdbi;
        this.changes = changes;
        this.merges = merges;
        this.clock = clock;
    }

    /** The winner as it is then. A loser that was merged into it before is merged: nothing happens. */
    Contact merge(Reference winner, Reference loser, @Nullable String ifMatch, Deed deed) {
        var merged = Transactions.in(jdbi, handle -> {
            // The order of locks: erasure, declarations, whoever takes word of changes, contacts by their ids. Nobody
            // is waited for who may hold something for long; segments are held before, so they are not waited for.
            Erasure.lock(handle);
            DeclarationLock.share(handle);
            var into = find(handle, winner);
            var from = find(handle, loser);
            if (into.id() == from.id()) {
                if (names(loser, from)) {
                    throw Problem.invalid("/loser", "same-contact", "a contact cannot be merged with itself");
                }
                return into;
            }
            merges.lock(handle, List.of(into.id(), from.id()));
            var dao = handle.attach(ContactDao.class);
            dao.lockAll(new Long[] {into.id(), from.id()});
            return merge(
                    handle,
                    dao.find(into.id()).orElseThrow(),
                    dao.find(from.id()).orElseThrow(),
                    ifMatch,
                    deed);
        });
        changes.kick();
        return merged;
    }

    private Contact merge(Handle handle, Contact winner, Contact loser, @Nullable String ifMatch, Deed deed) {
        Versions.heed(ifMatch, winner.version());
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var dao = handle.attach(ContactDao.class);
        var shape = Shape.read(handle, ProfileTypes.CONTACT);
        var table = new ContactTable(handle, shape);
        var writer = new RecordWriter<>(handle, shape, table, RecordWriter.Completion.NONE, now);
        var before = table.fields(winner);
        var wanted = together(shape, winner, before, loser, table.fields(loser));
        merges.leave(handle, loser, winner.id());
        // Before the winner is written, which may take its external id.
        dao.erase(loser.id(), winner.id(), now);
        writer.update(List.of(new Update<>(winner, before, wanted)));
        var made = dao.find(winner.id()).orElseThrow();
        Aliases.add(handle, loser, made);
        var touched = new Touched();
        new Ties(handle, touched, now).hand(loser, made);
        touched.record(ProfileTypes.CONTACT, loser.id());
        touched.record(ProfileTypes.CONTACT, winner.id());
        merges.merge(handle, new Merges.Merge(loser.id(), winner.id(), now));
        writer.finish(changes);
        touched.leaveWord(handle, changes, now);
        var done = new AuditLog.Done("merged", "contact", loser.uuid().toString(), loser.uuid(), Map.of());
        AuditLog.note(handle, now, deed, done.with(Map.of("into", winner.uuid())));
        log.info("contact {} merged into {}", loser.uuid(), winner.uuid());
        return dao.find(winner.id()).orElseThrow();
    }

    /**
     * The winner's fields, and the loser's where the winner has none. An address or a position is taken whole or not at all,
     * so that none is made that nobody lives at.
     */
    private static Fields together(Shape shape, Contact winner, Fields before, Contact loser, Fields other) {
        var fields = before;
        for (var name : before.values().keySet()) {
            if (looksUp(shape, name, before, loser)) {
                fields = fields.with(name, null);
            }
        }
        var hasAddress = before.values().keySet().stream().anyMatch(name -> name.startsWith(ADDRESS));
        var hasPosition = before.values().keySet().stream().anyMatch(POSITION::contains);
        for (var field : other.values().entrySet()) {
            var name = field.getKey();
            var stands = fields.values().containsKey(name)
                    || (hasAddress && name.startsWith(ADDRESS))
                    || (hasPosition && POSITION.contains(name))
                    || looksUp(shape, name, other, winner)
                    || looksUp(shape, name, other, loser);
            if (!stands) {
                fields = fields.with(name, field.getValue());
            }
        }
        return fields;
    }

    /** Whether an attribute names a contact, so that it would name the winner itself afterwards. */
    private static boolean looksUp(Shape shape, String attribute, Fields fields, Contact contact) {
        var declaration = shape.attributes().get(attribute);
        return declaration != null
                && declaration.type() == ValueType.LOOKUP
                && (declaration.lookup() == null || declaration.lookup().equals(ProfileTypes.CONTACT))
                && Objects.equals(fields.values().get(attribute), contact.name());
    }

    private static Contact find(Handle handle, Reference reference) {
        return handle.attach(ContactDao.class)
                .find(reference.externalId(), reference.uuid())
                .filter(contact -> !contact.state().equals(Contact.ERASED))
                .orElseThrow(reference::notFound);
    }

    /** Whether that is the contact's own name, and not that of one that was merged into it. */
    private static boolean names(Reference reference, Contact contact) {
        return contact.uuid().equals(reference.uuid())
                || (reference.externalId() != null && reference.externalId().equals(contact.externalId()));
    }

    /** For bodies: how they name a contact that is not named at all is a fault of the body. */
    static Reference loser(String text) {
        try {
            return Reference.toContact(text);
        } catch (Problem notAReference) {
            if (notAReference.type() != ProblemType.NOT_FOUND) {
                throw notAReference;
            }
            throw Problem.invalid(
                    "/loser",
                    "invalid-reference",
                    "a contact is named by its UUID, or by external: and its external id");
        }
    }
}
