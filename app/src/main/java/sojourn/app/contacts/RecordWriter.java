package sojourn.app.contacts;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.RecordTable.New;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;

/** Writes records of one type within one transaction, with their links; {@link #finish} leaves word of all of it. */
final class RecordWriter<R extends Stored> {

    /** Completes records before they are stored, and writes what that needs. */
    @FunctionalInterface
    interface Completion {

        /** Of records that are complete as they come. */
        Completion NONE =
                (_, records, _, _) -> records.stream().map(Draft::wanted).toList();

        /** As many records as given, in their order. */
        List<Fields> complete(Handle handle, List<Draft> records, Touched touched, Instant now);
    }

    /** A record as it is, null for a new one, and as it shall be. */
    record Draft(@Nullable Fields before, Fields wanted) {}

    /** A stored record, and what it shall have. */
    record Update<R>(R old, Fields before, Fields wanted) {}

    private static final String UNIQUE_VIOLATION = "23505";

    private final Handle handle;
    private final Shape shape;
    private final RecordTable<R> table;
    private final Completion completion;
    private final Instant now;
    private final LookupWriter lookups;
    private final Touched touched = new Touched();

    RecordWriter(Handle handle, Shape shape, RecordTable<R> table, Completion completion, Instant now) {
        this.handle = handle;
        this.shape = shape;
        this.table = table;
        this.completion = completion;
        this.now = now;
        this.lookups = new LookupWriter(handle, shape);
    }

    LookupWriter lookups() {
        return lookups;
    }

    /** One record's changes with its lookups as they are stored; what names nothing is an error. */
    FieldChanges checked(FieldChanges changes, List<ProblemError> errors) {
        lookups.find(List.of(changes));
        if (changes.values().get("externalId") instanceof String externalId) {
            lookups.expect(List.of(externalId));
        }
        return lookups.check(changes, errors);
    }

    /** Adds records whose external ids are free, and answers them. */
    List<R> add(Collection<New> records) {
        var completed = completion.complete(
                handle,
                records.stream().map(record -> new Draft(null, record.fields())).toList(),
                touched,
                now);
        var all = new ArrayList<New>();
        for (var record : records) {
            all.add(new New(record.uuid(), completed.get(all.size())));
        }
        var added = table.add(all, now);
        var linked = all.stream().anyMatch(record -> lookups.areIn(record.fields()));
        for (var record : added) {
            if (linked) {
                lookups.written(record.id(), null, table.fields(record));
            }
            touched.written(shape, record, table.version(record), null, table.fields(record));
        }
        return added;
    }

    /** Gives records other fields; answers the ids of those that really differ. */
    Set<Long> update(List<Update<R>> updates) {
        var drafts = updates.stream()
                .map(update -> new Draft(update.before(), update.wanted()))
                .toList();
        var completed = completion.complete(handle, drafts, touched, now);
        var changed = new LinkedHashMap<Long, Fields>();
        for (var i = 0; i < updates.size(); i++) {
            var old = updates.get(i).old();
            var before = updates.get(i).before();
            var wanted = completed.get(i);
            if (!wanted.equals(before)) {
                changed.put(old.id(), wanted);
                lookups.written(old.id(), before, wanted);
                touched.written(shape, old, table.version(old) + 1, before, wanted);
            }
        }
        if (!changed.isEmpty()) {
            store(changed);
        }
        for (var update : updates) {
            rename(update.old(), changed.get(update.old().id()));
        }
        return changed.keySet();
    }

    private void store(Map<Long, Fields> records) {
        try {
            table.update(records, now);
        } catch (UnableToExecuteStatementException failure) {
            if (failure.getCause() instanceof SQLException sql && UNIQUE_VIOLATION.equals(sql.getSQLState())) {
                throw externalIdTaken(shape.type());
            }
            throw failure;
        }
    }

    static Problem externalIdTaken(String type) {
        return new Problem(ProblemType.CONFLICT, "Another " + type + " has this external id");
    }

    private void rename(R old, @Nullable Fields wanted) {
        if (wanted != null && !Objects.equals(old.externalId(), wanted.externalId())) {
            var name = wanted.externalId();
            new Ties(handle, touched, now)
                    .rename(shape.type(), old, name == null ? old.uuid().toString() : name);
        }
    }

    /** Makes the links, and tells of all that was written. */
    void finish(Changes changes) {
        lookups.link(touched, now);
        touched.leaveWord(handle, changes, now);
    }
}
