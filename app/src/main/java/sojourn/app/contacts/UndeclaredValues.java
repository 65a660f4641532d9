package sojourn.app.contacts;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.platform.Transactions;

/**
 * What records have already of attributes that somebody declares: brought into the form in which it would have been stored,
 * had they been declared then. Where one value does not fit, nothing is declared.
 */
final class UndeclaredValues {

    /** So many records are written within the lock on declarations, for which all wait who write records. */
    private static final int MOST_WITHIN_LOCK = 10_000;

    private final Jdbi jdbi;
    private final Changes changes;
    private final InstantSource clock;

    UndeclaredValues(Jdbi jdbi, Changes changes, InstantSource clock) {
        this.jdbi = jdbi;
        this.changes = changes;
        this.clock = clock;
    }

    /**
     * Looks before anybody is kept waiting: refuses what cannot be, and brings very many values into form in small steps.
     * While they are not declared that changes no query; {@link #settle} has the last word.
     */
    void prepare(String type, Map<String, Declaration> declared) {
        var walk = jdbi.withHandle(handle -> new UndeclaredWalk(type, declared).through(handle, _ -> {}));
        walk.refuseUnfit();
        if (walk.differing() > MOST_WITHIN_LOCK) {
            jdbi.useHandle(handle -> new UndeclaredWalk(type, declared)
                    .through(handle, ids -> Transactions.use(jdbi, step -> rewrite(step, type, declared, ids))));
            changes.kick();
        }
    }

    /** Brings every value into form, behind the lock on declarations, or refuses. */
    void settle(Handle handle, String type, Map<String, Declaration> declared) {
        if (!declared.isEmpty()) {
            new UndeclaredWalk(type, declared)
                    .through(handle, ids -> rewrite(handle, type, declared, ids))
                    .refuseUnfit();
        }
    }

    private void rewrite(Handle handle, String type, Map<String, Declaration> declared, List<Long> ids) {
        var shape = Shape.read(handle, type).with(declared);
        var locked = ids.toArray(Long[]::new);
        if (type.equals(ProfileTypes.CONTACT)) {
            var contacts = handle.attach(ContactDao.class).lockAll(locked);
            rewrite(handle, new ContactTable(handle, shape), contacts, type, declared);
        } else {
            var profiles = handle.attach(ProfileDao.class).lockAll(type, locked);
            rewrite(handle, new ProfileTable(handle, shape), profiles, type, declared);
        }
    }

    private <R extends Stored> void rewrite(
            Handle handle, RecordTable<R> table, List<R> records, String type, Map<String, Declaration> declared) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var fitting = FittingValues.of(
                handle,
                declared,
                records.stream().map(record -> table.fields(record).values()).toList());
        var written = new TreeMap<Long, Fields>();
        var touched = new Touched();
        for (var record : records) {
            written.put(record.id(), fitting(table.fields(record), fitting));
            touched.record(type, record.id());
        }
        table.update(written, now);
        touched.leaveWord(handle, changes, now);
    }

    private static Fields fitting(Fields fields, FittingValues fitting) {
        var fit = fields;
        for (var name : fitting.declared().keySet()) {
            var stored = fields.values().get(name);
            if (stored != null) {
                try {
                    fit = fit.with(name, fitting.of(name, stored));
                } catch (Unfit unfit) {
                    // It stays as it is: the walk refuses it in the end.
                }
            }
        }
        return fit;
    }
}
