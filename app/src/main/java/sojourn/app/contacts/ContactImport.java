package sojourn.app.contacts;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.ImportRows.Row;
import sojourn.app.platform.JobKind;
import sojourn.app.platform.JobProblem;
import sojourn.app.platform.JobRun;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.Transactions;

/**
 * Brings in contacts by the thousand, in constant memory: each row is merged into the contact of its external id, or
 * makes it. A bad row is reported and the others are kept. A batch, its place in the upload and its counts are one
 * transaction, so a killed import goes on where it was.
 */
final class ContactImport implements JobKind {

    static final String NAME = "contact-import";

    /** How an upload is to be read. */
    enum Format {
        CSV,
        NDJSON
    }

    record Input(Format format, String charset) {}

    /** How many rows, the header aside, have been dealt with. */
    record Position(long rows) {}

    /** @param fault what makes the rest of the upload unreadable; what came before is kept */
    private record Batch(
            List<Row> rows, boolean last, @Nullable Problem fault) {
        private static final Batch NONE = new Batch(List.of(), false, null);
    }

    private static final int BATCH = 1000;

    /** In bytes or characters of the upload, of which a row may have a million. */
    private static final int BATCH_SIZE = 2 << 20;

    private final Jdbi jdbi;
    private final Changes changes;
    private final InstantSource clock;

    ContactImport(Jdbi jdbi, Changes changes, InstantSource clock) {
        this.jdbi = jdbi;
        this.changes = changes;
        this.clock = clock;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(JobRun run) throws IOException {
        var shape = jdbi.withHandle(ContactShape::read);
        var rows = open(run, new ContactReader(shape));
        var position = run.position(Position.class).map(Position::rows).orElse(0L);
        for (var row = 0L; row < position; row++) {
            rows.skip();
        }
        var batch = Batch.NONE;
        while (!batch.last() && !run.cancelled()) {
            batch = read(rows);
            if (!batch.rows().isEmpty()) {
                position += batch.rows().size();
                store(run, batch.rows(), shape, new Position(position));
            }
            if (batch.fault() != null) {
                throw batch.fault();
            }
        }
    }

    private void store(JobRun run, List<Row> batch, ContactShape shape, Position reached) {
        Transactions.use(jdbi, handle -> {
            var problems = new ArrayList<JobProblem>();
            var counts = store(handle, batch, shape, problems);
            run.progress(handle, reached, reached.rows(), counts, problems);
        });
        changes.kick();
    }

    private static ImportRows open(JobRun run, ContactReader reader) {
        var input = run.input(Input.class);
        var upload = new BufferedInputStream(run.upload());
        return switch (input.format()) {
            case CSV -> new CsvRows(upload, Charset.forName(input.charset()), reader);
            case NDJSON -> new NdjsonRows(upload, reader);
        };
    }

    /** Reads a batch, of fewer rows when they are long. */
    private static Batch read(ImportRows rows) throws IOException {
        var batch = new ArrayList<Row>();
        try {
            for (var size = 0L; batch.size() < BATCH && size < BATCH_SIZE; ) {
                var row = rows.next();
                if (row == null) {
                    return new Batch(batch, true, null);
                }
                batch.add(row);
                size += row.size();
            }
            return new Batch(batch, false, null);
        } catch (Problem unreadable) {
            return new Batch(batch, true, unreadable);
        }
    }

    /** Stores what fits of a batch; the counts of what was created, updated and rejected. */
    private Map<String, Long> store(Handle handle, List<Row> batch, ContactShape shape, List<JobProblem> problems) {
        var good = new LinkedHashMap<String, List<FieldChanges>>();
        var rejected = 0L;
        for (var row : batch) {
            var externalId = row.changes() == null
                    ? null
                    : (String) row.changes().values().get("externalId");
            var errors = new ArrayList<>(row.errors());
            if (errors.isEmpty() && externalId == null) {
                errors.add(ProblemError.at("/externalId", "required", "a contact is imported by its externalId"));
            }
            if (row.changes() == null || externalId == null || !errors.isEmpty()) {
                rejected++;
                problems.add(problem(row.line(), errors));
            } else {
                good.computeIfAbsent(externalId, _ -> new ArrayList<>()).add(row.changes());
            }
        }
        var created = merge(handle, good, shape);
        var stored = good.values().stream().mapToLong(List::size).sum();
        return Map.of("created", created, "updated", stored - created, "rejected", rejected);
    }

    /** Merges rows into their contacts, in their order; says how many contacts are new. */
    private long merge(Handle handle, Map<String, List<FieldChanges>> rows, ContactShape shape) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var concerned = new HashSet<Long>();
        var open = new LinkedHashMap<>(rows);
        var created = 0L;
        while (!open.isEmpty()) {
            update(handle, open, shape, now, concerned);
            var fresh = new ArrayList<ContactTable.New>();
            open.values()
                    .forEach(changes -> fresh.add(new ContactTable.New(null, fields(ContactFields.NONE, changes))));
            var added = ContactTable.add(handle, fresh, shape, now);
            for (var contact : added) {
                open.remove(contact.externalId());
                concerned.add(contact.id());
            }
            created += added.size();
            // What is still open was made by somebody else meanwhile, and is updated in the next round.
        }
        changes.record(handle, concerned, List.of(Changes.PROFILE), now);
        return created;
    }

    /** Updates the contacts that are there and takes their rows out. */
    private static void update(
            Handle handle, Map<String, List<FieldChanges>> open, ContactShape shape, Instant now, Set<Long> concerned) {
        var updates = new HashMap<Long, ContactFields>();
        ContactTable.lock(handle, open.keySet()).forEach((externalId, contact) -> {
            var old = ContactFields.of(contact);
            var wanted = fields(old, open.getOrDefault(externalId, List.of()));
            if (!wanted.equals(old)) {
                updates.put(contact.id(), wanted);
                concerned.add(contact.id());
            }
            open.remove(externalId);
        });
        if (!updates.isEmpty()) {
            ContactTable.update(handle, updates, shape, now);
        }
    }

    private static ContactFields fields(ContactFields start, List<FieldChanges> changes) {
        var fields = start;
        for (var change : changes) {
            fields = fields.with(change);
        }
        return fields;
    }

    private static JobProblem problem(long line, List<ProblemError> errors) {
        return new JobProblem(line, errors.getFirst().code(), ProblemError.describe(errors));
    }
}
