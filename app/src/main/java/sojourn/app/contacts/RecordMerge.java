package sojourn.app.contacts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.ImportRows.Row;
import sojourn.app.contacts.RecordTable.New;
import sojourn.app.contacts.RecordWriter.Update;
import sojourn.app.platform.ProblemError;

/** Merges rows of an import into the records of their ids or external ids, or makes these. */
final class RecordMerge<R extends Stored> {

    /** Takes note of a row that is not stored. */
    @FunctionalInterface
    interface Refusal {
        void refuse(Row row, List<ProblemError> errors);
    }

    /** A row that can be stored, as far as it shows by itself. With an id it is about the record of that id. */
    record Good(Row row, @Nullable String externalId, FieldChanges changes) {

        @Nullable
        UUID id() {
            return row.id();
        }

        /** What lookups of other rows may call the record that it makes. */
        String name() {
            return externalId == null ? String.valueOf(id()) : externalId;
        }
    }

    private final Fields none;
    private final RecordTable<R> table;
    private final RecordWriter<R> writer;

    RecordMerge(String type, RecordTable<R> table, RecordWriter<R> writer) {
        this.none = Fields.none(type);
        this.table = table;
        this.writer = writer;
    }

    /** Merges what can be stored, in its order; says how many records are new. */
    long merge(List<Row> rows, Refusal refusal) {
        var created = 0L;
        var good = good(rows, refusal);
        for (var from = 0; from < good.size(); ) {
            var byId = good.get(from).id() != null;
            var to = from + 1;
            while (to < good.size() && (good.get(to).id() != null) == byId) {
                to++;
            }
            var alike = good.subList(from, to);
            created +=
                    byId ? new RecordMergeById<>(none, table, writer, refusal).merge(alike) : mergeByExternalId(alike);
            from = to;
        }
        return created;
    }

    private long mergeByExternalId(List<Good> rows) {
        var open = new LinkedHashMap<String, List<FieldChanges>>();
        for (var good : rows) {
            open.computeIfAbsent(good.name(), _ -> new ArrayList<>()).add(good.changes());
        }
        var created = 0L;
        while (!open.isEmpty()) {
            update(open);
            var fresh = new ArrayList<New>();
            open.values().forEach(changes -> fresh.add(new New(null, fields(none, changes))));
            var added = fresh.isEmpty() ? List.<R>of() : writer.add(fresh);
            added.forEach(record -> open.remove(String.valueOf(record.externalId())));
            created += added.size();
            // What is still open was made by somebody else meanwhile, and is updated in the next round.
        }
        return created;
    }

    private List<Good> good(List<Row> rows, Refusal refusal) {
        var good = new ArrayList<Good>();
        for (var row : rows) {
            var changes = row.changes();
            var externalId = changes == null ? null : (String) changes.values().get("externalId");
            var errors = new ArrayList<>(row.errors());
            if (errors.isEmpty() && externalId == null && row.id() == null) {
                errors.add(ProblemError.at(
                        "/externalId",
                        "required",
                        "a record is imported by its externalId or its id; here is neither"));
            }
            if (changes == null || !errors.isEmpty()) {
                refusal.refuse(row, errors);
            } else {
                good.add(new Good(row, externalId, changes));
            }
        }
        writer.lookups().find(good.stream().map(Good::changes).toList());
        return withKnownLookups(good, refusal);
    }

    /** Takes rows out that name what is not there; others may have named what these would have made. */
    private List<Good> withKnownLookups(List<Good> good, Refusal refusal) {
        writer.lookups().expect(good.stream().map(Good::name).collect(Collectors.toSet()));
        var known = new ArrayList<Good>();
        for (var row : good) {
            var errors = new ArrayList<ProblemError>();
            var changes = writer.lookups().check(row.changes(), errors);
            if (errors.isEmpty()) {
                known.add(new Good(row.row(), row.externalId(), changes));
            } else {
                refusal.refuse(row.row(), errors);
            }
        }
        return known.size() == good.size() ? known : withKnownLookups(known, refusal);
    }

    /** Updates the records that are there and takes their rows out. */
    private void update(Map<String, List<FieldChanges>> open) {
        var found = table.lock(open.keySet());
        var updates = new LinkedHashMap<Long, Update<R>>();
        for (var externalId : List.copyOf(open.keySet())) {
            var record = found.get(externalId);
            var changes = record == null ? null : open.remove(externalId);
            if (record != null && changes != null) {
                var before = table.fields(record);
                var start = updates.getOrDefault(record.id(), new Update<>(record, before, before));
                // What it was found by need not be its own external id, which stays.
                var wanted = fields(start.wanted(), changes).with("externalId", record.externalId());
                updates.put(record.id(), new Update<>(record, before, wanted));
            }
        }
        if (!updates.isEmpty()) {
            writer.update(List.copyOf(updates.values()));
        }
    }

    private static Fields fields(Fields start, List<FieldChanges> changes) {
        var fields = start;
        for (var change : changes) {
            fields = fields.with(change);
        }
        return fields;
    }
}
