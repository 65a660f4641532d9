package sojourn.app.contacts;

import jakarta.ws.rs.core.MediaType;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.ImportRows.Row;
import sojourn.app.platform.CsvTable;
import sojourn.app.platform.Job;
import sojourn.app.platform.JobKind;
import sojourn.app.platform.JobProblem;
import sojourn.app.platform.JobRun;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.security.AuditLog;
import sojourn.app.security.Deed;

/**
 * Brings in contacts or other records by the thousand, in constant memory: each row is merged into the record of its external id, or
 * makes it. A bad row is reported and the others are kept. A batch, its place in the upload and its counts are one
 * transaction, so a killed import goes on where it was.
 */
final class RecordImport implements JobKind {

    static final String CONTACTS = "contact-import";
    static final String PROFILES = "profile-import";

    /** How an upload is to be read. */
    enum Format {
        CSV,
        NDJSON
    }

    /**
     * What is to be brought in.
     *
     * @param type the key of the profile type; null for contacts
     * @param deed who has it brought in; null where that was before deeds were kept
     */
    record Input(
            Format format,
            String charset,
            @Nullable String type,
            @Nullable Deed deed) {

        String profileType() {
            return type == null ? ProfileTypes.CONTACT : type;
        }
    }

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

    private final String name;
    private final Jdbi jdbi;
    private final Changes changes;
    private final Leads leads;
    private final InstantSource clock;

    RecordImport(String name, Jdbi jdbi, Changes changes, Leads leads, InstantSource clock) {
        this.name = name;
        this.jdbi = jdbi;
        this.changes = changes;
        this.leads = leads;
        this.clock = clock;
    }

    /** How the upload of a media type is to be read. */
    static Input input(MediaType type, @Nullable String profileType, Deed deed) {
        var charset = CsvTable.charset(type);
        var csv = type.getSubtype().equals("csv");
        if (!csv && !charset.equals(StandardCharsets.UTF_8)) {
            throw new Problem(ProblemType.UNSUPPORTED_MEDIA_TYPE, "JSON is in UTF-8");
        }
        return new Input(csv ? Format.CSV : Format.NDJSON, charset.name(), profileType, deed);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(JobRun run) throws IOException {
        var type = run.input(Input.class).profileType();
        var shape = jdbi.withHandle(handle -> Shape.read(handle, type));
        var rows = open(run, new RecordReader(shape));
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

    /** One entry of the audit log for all records: each would be as many as there is data. */
    @Override
    public void ended(Handle handle, JobRun run, Job job) {
        var stored = job.result().getOrDefault("created", 0L) + job.result().getOrDefault("updated", 0L);
        if (stored > 0) {
            var input = run.input(Input.class);
            var details = new TreeMap<String, Object>(job.result());
            details.put("type", input.profileType());
            details.put("state", job.state());
            var done = new AuditLog.Done("imported", "import", job.id().toString()).with(details);
            AuditLog.note(handle, clock.instant(), Deed.of(job, input.deed()), done);
        }
    }

    private void store(JobRun run, List<Row> batch, Shape shape, Position reached) {
        Transactions.use(jdbi, handle -> {
            var problems = new ArrayList<JobProblem>();
            var counts = store(handle, batch, shape, problems);
            run.progress(handle, reached, reached.rows(), counts, problems);
        });
        changes.kick();
    }

    private static ImportRows open(JobRun run, RecordReader reader) {
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
    private Map<String, Long> store(Handle handle, List<Row> batch, Shape read, List<JobProblem> problems) {
        var isContact = read.type().equals(ProfileTypes.CONTACT);
        // An external id that is not there now does not become that of a merged contact meanwhile.
        Erasure.holdOff(handle);
        DeclarationLock.share(handle);
        var shape = Shape.read(handle, read.type());
        checkUnchanged(read, shape);
        var rows = declaredSince(read, shape, batch);
        return isContact
                ? merge(handle, shape, new ContactTable(handle, shape), RecordWriter.Completion.NONE, rows, problems)
                : merge(handle, shape, new ProfileTable(handle, shape), leads.of(shape), rows, problems);
    }

    /** Rows with what was declared after they were read, as the declarations want it. */
    private static List<Row> declaredSince(Shape read, Shape now, List<Row> batch) {
        var declared = new HashMap<>(now.attributes());
        declared.keySet().removeAll(read.attributes().keySet());
        return declared.isEmpty()
                ? batch
                : batch.stream().map(row -> row.fitting(declared)).toList();
    }

    private <R extends Stored> Map<String, Long> merge(
            Handle handle,
            Shape shape,
            RecordTable<R> table,
            RecordWriter.Completion completion,
            List<Row> batch,
            List<JobProblem> problems) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var writer = new RecordWriter<>(handle, shape, table, completion, now);
        var refused = new ArrayList<JobProblem>();
        var created = new RecordMerge<>(shape.type(), table, writer)
                .merge(batch, (row, errors) -> refused.add(problem(row.line(), errors)));
        writer.finish(changes);
        refused.sort(Comparator.comparing(JobProblem::line, Comparator.nullsFirst(Long::compareTo)));
        problems.addAll(refused);
        return Map.of("created", created, "updated", batch.size() - refused.size() - created, "rejected", (long)
                refused.size());
    }

    /** Rows were read by what was declared when the import began. */
    private static void checkUnchanged(Shape before, Shape now) {
        if (before.typeId() != now.typeId()
                || !now.attributes().keySet().containsAll(before.attributes().keySet())) {
            throw new Problem(
                    ProblemType.CONFLICT,
                    "Attributes of " + before.type() + " were taken away while it was imported; import it again");
        }
    }

    private static JobProblem problem(long line, List<ProblemError> errors) {
        return new JobProblem(line, errors.getFirst().code(), ProblemError.describe(errors));
    }
}
