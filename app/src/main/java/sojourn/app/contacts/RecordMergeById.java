package sojourn.app.contacts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.RecordMerge.Good;
import sojourn.app.contacts.RecordTable.New;
import sojourn.app.contacts.RecordWriter.Update;
import sojourn.app.platform.ProblemError;

/**
 * Merges rows into the records of their ids, or makes records of these ids. An external id beside the id is a field like any
 * other: the record gets it, unless another has it.
 */
final class RecordMergeById<R extends Stored> {

    private static final String EXTERNAL_ID = "externalId";

    private final Fields none;
    private final RecordTable<R> table;
    private final RecordWriter<R> writer;
    private final RecordMerge.Refusal refusal;

    RecordMergeById(Fields none, RecordTable<R> table, RecordWriter<R> writer, RecordMerge.Refusal refusal) {
        this.none = none;
        this.table = table;
        this.writer = writer;
        this.refusal = refusal;
    }

    /** Says how many records are new. */
    long merge(List<Good> rows) {
        var open = new LinkedHashMap<UUID, List<Good>>();
        for (var row : rows) {
            var id = row.id();
            if (id != null) {
                open.computeIfAbsent(id, _ -> new ArrayList<>()).add(row);
            }
        }
        var created = 0L;
        var tried = new HashSet<UUID>();
        while (!open.isEmpty()) {
            var fresh = new Round(open).update(tried);
            var added = fresh.isEmpty() ? List.<R>of() : writer.add(fresh);
            added.forEach(record -> open.remove(record.uuid()));
            created += added.size();
            fresh.forEach(record -> tried.add(Objects.requireNonNull(record.uuid())));
            // What is still open was made by somebody else meanwhile, and is looked for in the next round.
        }
        return created;
    }

    /** One look at what is there. */
    private final class Round {

        private final Map<UUID, List<Good>> open;
        private final Map<UUID, R> found;
        private final Map<String, R> owners;
        private final Map<String, UUID> claims = new HashMap<>();

        private Round(Map<UUID, List<Good>> open) {
            this.open = open;
            found = table.lockByUuid(open.keySet());
            var names = new HashSet<String>();
            open.values()
                    .forEach(rows -> rows.forEach(row -> {
                        if (row.externalId() != null) {
                            names.add(row.externalId());
                        }
                    }));
            owners = names.isEmpty() ? Map.of() : table.lock(names);
        }

        /** Updates the records that are there and takes their rows out; answers those to be made. */
        private List<New> update(Set<UUID> tried) {
            var updates = new LinkedHashMap<Long, Update<R>>();
            var fresh = new ArrayList<New>();
            for (var id : List.copyOf(open.keySet())) {
                var rows = open.getOrDefault(id, List.of());
                var record = found.get(id);
                if (record == null && tried.contains(id)) {
                    rows.forEach(
                            row -> refuse(row, "/id", "conflict", "whatever has this id is of another type or erased"));
                    rows.clear();
                }
                var before = record == null ? none : table.fields(record);
                var started = record == null ? null : updates.get(record.id());
                var wanted = merged(id, record, started == null ? before : started.wanted(), rows);
                if (record != null || rows.isEmpty()) {
                    open.remove(id);
                }
                if (record != null) {
                    updates.put(record.id(), new Update<>(record, before, wanted));
                } else if (!rows.isEmpty()) {
                    fresh.add(new New(id, wanted));
                }
            }
            if (!updates.isEmpty()) {
                writer.update(List.copyOf(updates.values()));
            }
            return fresh;
        }

        /** With what the rows say one after the other; those that cannot be are taken out. */
        private Fields merged(UUID id, @Nullable R record, Fields start, List<Good> rows) {
            var fields = start;
            for (var row : List.copyOf(rows)) {
                var wanted = fields.with(row.changes());
                var name = wanted.externalId();
                var owner = name == null ? null : owners.get(name);
                if (Objects.equals(name, fields.externalId())) {
                    fields = wanted;
                } else if (record != null && owner != null && owner.id() == record.id()) {
                    // The name of one that was merged into it leads there already.
                    fields = wanted.with(EXTERNAL_ID, fields.externalId());
                } else if (isFixed(record)) {
                    rows.remove(row);
                    refuse(row, "/externalId", "fixed", "an external id never changes once it is there");
                } else if (owner != null || (name != null && !id.equals(claims.computeIfAbsent(name, _ -> id)))) {
                    rows.remove(row);
                    refuse(row, "/externalId", "conflict", "another " + none.type() + " has this external id");
                } else {
                    fields = wanted;
                }
            }
            return fields;
        }

        private boolean isFixed(@Nullable R record) {
            return record != null && record.externalId() != null && !none.type().equals(ProfileTypes.CONTACT);
        }

        private void refuse(Good row, String pointer, String code, String detail) {
            refusal.refuse(row.row(), List.of(ProblemError.at(pointer, code, detail)));
        }
    }
}
