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
import sojourn.app.contacts.RecordTable.New;
import sojourn.app.contacts.RecordWriter.Update;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.platform.Versions;

/** Writes single records of any type but contact, and leaves word of each change in the same transaction. */
final class ProfileEditor {

    /** A record as written. */
    record Written(Profile profile, boolean created) {}

    private static final String EXTERNAL_ID = "externalId";

    private final Jdbi jdbi;
    private final Changes changes;
    private final Leads leads;
    private final InstantSource clock;

    ProfileEditor(Jdbi jdbi, Changes changes, Leads leads, InstantSource clock) {
        this.jdbi = jdbi;
        this.changes = changes;
        this.leads = leads;
        this.clock = clock;
    }

    /** Makes a record; one of the same external id is in the way. */
    Profile create(String type, Map<String, @Nullable Object> body) {
        return write(type, writing -> {
            var wanted = Fields.none(type).with(writing.read(null, null, body));
            return writing.add(new New(null, wanted)).orElseThrow(() -> RecordWriter.externalIdTaken(type));
        });
    }

    /** Makes the record that the reference names, or gives it these attributes and no others. */
    Written put(Reference reference, Map<String, @Nullable Object> body, @Nullable String ifMatch) {
        return write(reference.type(), writing -> {
            var old = writing.lock(reference);
            var changed = writing.read(reference, old.orElse(null), body);
            if (old.isEmpty()) {
                if (ifMatch != null) {
                    throw new Problem(ProblemType.STALE, "If-Match was sent, but there is no such record");
                }
                var added = writing.add(new New(reference.uuid(), wanted(reference, null, changed)));
                if (added.isPresent()) {
                    return new Written(added.get(), true);
                }
                // Somebody else was quicker: it is there now, or the external id in the body is another's.
                old = writing.lock(reference);
            }
            var found = old.orElseThrow(() -> RecordWriter.externalIdTaken(reference.type()));
            return new Written(writing.update(found, wanted(reference, found, changed), ifMatch), false);
        });
    }

    /** Changes the attributes that are there; null clears. */
    Profile patch(Reference reference, Map<String, @Nullable Object> body, @Nullable String ifMatch) {
        return write(reference.type(), writing -> {
            var old = writing.lock(reference).orElseThrow(reference::notFound);
            var changed = writing.read(reference, old, body);
            return writing.update(old, writing.fields(old).with(changed), ifMatch);
        });
    }

    /** Deletes a record with its links, and takes it out of every lookup that named it. */
    void delete(Reference reference, @Nullable String ifMatch) {
        Transactions.use(jdbi, handle -> {
            Erasure.holdOff(handle);
            DeclarationLock.share(handle);
            Shape.read(handle, reference.type());
            var profiles = handle.attach(ProfileDao.class);
            var old = profiles.lockToDelete(reference.type(), reference.externalId(), reference.uuid())
                    .orElseThrow(reference::notFound);
            Versions.heed(ifMatch, old.version());
            var touched = new Touched();
            new Ties(handle, touched, now()).cut(reference.type(), old);
            profiles.delete(old.id());
            touched.gone(reference.type(), old);
            touched.leaveWord(handle, changes, now());
        });
        changes.kick();
    }

    /** An external id stays once it is there. */
    private static Fields wanted(Reference reference, @Nullable Profile old, FieldChanges changed) {
        var wanted = Fields.none(reference.type()).with(changed);
        var fixed = old == null || old.externalId() == null ? reference.externalId() : old.externalId();
        return fixed == null ? wanted : wanted.with(EXTERNAL_ID, fixed);
    }

    @FunctionalInterface
    private interface Work<T> {
        T in(Writing writing);
    }

    private <T> T write(String type, Work<T> work) {
        var result = Transactions.in(jdbi, handle -> {
            Erasure.holdOff(handle);
            DeclarationLock.share(handle);
            return work.in(new Writing(handle, Shape.read(handle, type)));
        });
        changes.kick();
        return result;
    }

    /** One transaction that writes one record. */
    private final class Writing {

        private final Handle handle;
        private final Shape shape;
        private final ProfileTable table;
        private final RecordWriter<Profile> writer;

        private Writing(Handle handle, Shape shape) {
            this.handle = handle;
            this.shape = shape;
            table = new ProfileTable(handle, shape);
            writer = new RecordWriter<>(handle, shape, table, leads.of(shape), now());
        }

        Optional<Profile> lock(Reference reference) {
            return handle.attach(ProfileDao.class).lock(shape.type(), reference.externalId(), reference.uuid());
        }

        Fields fields(Profile profile) {
            return table.fields(profile);
        }

        FieldChanges read(@Nullable Reference reference, @Nullable Profile old, Map<String, @Nullable Object> body) {
            var errors = new ArrayList<ProblemError>();
            var read = writer.checked(new RecordReader(shape).fromJson(body, errors), errors);
            if (read.values().containsKey(EXTERNAL_ID)) {
                var externalId = read.values().get(EXTERNAL_ID);
                var named = reference == null ? null : reference.externalId();
                if (named != null && externalId != null && !named.equals(externalId)) {
                    errors.add(ProblemError.at("/externalId", "mismatch", "the path names another external id"));
                } else if (old != null
                        && old.externalId() != null
                        && !old.externalId().equals(externalId)) {
                    errors.add(
                            ProblemError.at("/externalId", "fixed", "an external id never changes once it is there"));
                }
            }
            if (!errors.isEmpty()) {
                throw Problem.invalid(errors);
            }
            return read;
        }

        Optional<Profile> add(New record) {
            var added = writer.add(List.of(record));
            if (!added.isEmpty()) {
                writer.finish(changes);
            }
            return added.stream().findFirst();
        }

        Profile update(Profile old, Fields wanted, @Nullable String ifMatch) {
            Versions.heed(ifMatch, old.version());
            if (writer.update(List.of(new Update<>(old, table.fields(old), wanted)))
                    .isEmpty()) {
                return old;
            }
            writer.finish(changes);
            return handle.attach(ProfileDao.class)
                    .find(shape.type(), null, old.uuid())
                    .orElseThrow();
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
