package sojourn.app.segments;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contacts;
import sojourn.app.contacts.Erasure;
import sojourn.app.platform.JobKind;
import sojourn.app.platform.JobProblem;
import sojourn.app.platform.JobRun;
import sojourn.app.platform.Transactions;
import sojourn.app.segments.MemberUpload.Row;

/**
 * Adds to a static segment, or removes from it, the contacts that an upload names. A batch, its place in the upload and its
 * counts are one transaction, so one that was killed goes on where it was.
 */
final class MembersImport implements JobKind {

    static final String NAME = "segment-members-import";

    /** What a job counts that had nothing to do, since another does the same. */
    static final Map<String, Long> REPEATED = Map.of("repeated", 1L);

    private static final int BATCH = 1000;

    /** What the rows mean. */
    enum Action {
        ADD,
        REMOVE,
        /** Each row says so itself. */
        AS_SAID
    }

    /** @param syncId under what name an outside system sent it; null when somebody did by hand */
    record Input(
            int segment,
            Action action,
            MemberUpload.Format format,
            @Nullable String syncId) {}

    /** What has been done of an upload. */
    record Position(long rows, long joined, long left, long rejected, boolean ended) {
        static final Position START = new Position(0, 0, 0, 0, false);
        static final Position REPEATED = new Position(0, 0, 0, 0, true);

        Map<String, Long> counts() {
            return Map.of("joined", joined, "left", left, "rejected", rejected);
        }
    }

    private final Jdbi jdbi;
    private final Contacts contacts;
    private final StaticMembers members;
    private final MemberSyncs syncs;

    MembersImport(Jdbi jdbi, Contacts contacts, StaticMembers members, MemberSyncs syncs) {
        this.jdbi = jdbi;
        this.contacts = contacts;
        this.members = members;
        this.syncs = syncs;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(JobRun run) throws IOException {
        var input = run.input(Input.class);
        var position = run.position(Position.class).orElse(Position.START);
        if (position.ended()) {
            return;
        }
        if (!syncs.claim(run, input.segment(), input.syncId())) {
            Transactions.use(jdbi, handle -> run.progress(handle, Position.REPEATED, 0, REPEATED, List.of()));
            return;
        }
        var upload = input.format().open(run.upload());
        for (var row = 0L; row < position.rows(); row++) {
            upload.skip();
        }
        while (!run.cancelled()) {
            var rows = read(upload);
            var from = position;
            position = Transactions.in(jdbi, handle -> store(handle, run, input, from, rows));
            members.kick();
            if (position.ended()) {
                return;
            }
        }
    }

    /** At most a batch; none at the end. */
    static List<Row> read(MemberUpload upload) throws IOException {
        var rows = new ArrayList<Row>();
        for (var row = upload.next(); row != null; row = upload.next()) {
            rows.add(row);
            if (rows.size() == BATCH) {
                break;
            }
        }
        return rows;
    }

    private Position store(Handle handle, JobRun run, Input input, Position from, List<Row> rows) {
        Erasure.holdOff(handle);
        var segment = segment(handle, input);
        var problems = new ArrayList<JobProblem>();
        var named = named(handle, rows, problems);
        var add = new ArrayList<Long>();
        var remove = new ArrayList<Long>();
        named.forEach((contact, row) -> (removes(input.action(), row) ? remove : add).add(contact));
        var addable = members.addable(handle, segment, add);
        for (var contact : add) {
            if (!addable.contains(contact)) {
                problems.add(new JobProblem(
                        Objects.requireNonNull(named.get(contact)).line(),
                        "out-of-scope",
                        "the contact is not in the segment's scope"));
            }
        }
        var moved = members.change(handle, segment, addable, remove);
        var reached = new Position(
                from.rows() + rows.size(),
                from.joined() + moved.joined(),
                from.left() + moved.left(),
                from.rejected() + problems.size(),
                rows.isEmpty());
        if (reached.ended()) {
            syncs.done(handle, run, input.segment(), input.syncId(), reached.counts());
        }
        var counted = Map.of("joined", moved.joined(), "left", moved.left(), "rejected", (long) problems.size());
        run.progress(handle, reached, reached.rows(), counted, problems);
        return reached;
    }

    private static Segment segment(Handle handle, Input input) {
        var segment = MemberSyncs.lock(handle, input.segment());
        if (input.action() == Action.AS_SAID) {
            MemberSyncs.requireExternal(segment);
        } else {
            StaticMembers.requireByHand(segment);
        }
        return segment;
    }

    private static boolean removes(Action action, Row row) {
        return switch (action) {
            case ADD -> false;
            case REMOVE -> true;
            case AS_SAID -> row.remove();
        };
    }

    /** The contacts that rows name, each with the last row that does. */
    private Map<Long, Row> named(Handle handle, List<Row> rows, List<JobProblem> problems) {
        return named(handle, contacts, rows, problems);
    }

    static Map<Long, Row> named(Handle handle, Contacts contacts, List<Row> rows, List<JobProblem> problems) {
        var found = contacts.resolveAll(
                handle, rows.stream().map(Row::contact).filter(Objects::nonNull).toList());
        var named = new LinkedHashMap<Long, Row>();
        for (var row : rows) {
            var contact = row.contact() == null ? null : found.get(row.contact());
            if (row.problem() != null) {
                problems.add(row.problem());
            } else if (contact == null) {
                problems.add(new JobProblem(row.line(), "unknown-contact", "there is no such contact"));
            } else {
                named.put(contact, row);
            }
        }
        return named;
    }
}
