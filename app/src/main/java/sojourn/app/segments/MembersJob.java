package sojourn.app.segments;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contacts;
import sojourn.app.contacts.Erasure;
import sojourn.app.platform.Job;
import sojourn.app.platform.JobKind;
import sojourn.app.platform.JobProblem;
import sojourn.app.platform.JobRun;
import sojourn.app.platform.Jobs;
import sojourn.app.platform.Transactions;
import sojourn.app.security.Deed;
import sojourn.app.segments.MemberUpload.Row;
import sojourn.app.segments.SegmentDeeds.How;

/**
 * Works through an upload that names members of a static segment. A batch, its place in the upload and its counts are one
 * transaction, so a job that was killed goes on where it was. Uploads for one segment are done in the order in which they
 * were accepted.
 */
final class MembersJob implements JobKind {

    static final String IMPORT = "segment-members-import";
    static final String REPLACEMENT = "segment-members-replacement";

    /** What a job counts that had nothing to do, since it has been done. */
    private static final Map<String, Long> REPEATED = Map.of("repeated", 1L);

    private static final int BATCH = 1000;

    /** What the rows mean. */
    enum Action {
        ADD(IMPORT),
        REMOVE(IMPORT),
        /** Each row says so itself. */
        AS_SAID(IMPORT),
        /** They are all members that there are. */
        REPLACE(REPLACEMENT);

        private final String kind;

        Action(String kind) {
            this.kind = kind;
        }
    }

    /**
     * What is to be worked through.
     *
     * @param syncId under what name an outside system sent it; null when somebody did by hand
     * @param deed who sent it; null where that was before deeds were kept
     */
    record Input(
            int segment,
            Action action,
            MemberUpload.Format format,
            @Nullable String syncId,
            @Nullable Deed deed) {}

    /** What has been done of an upload. */
    record Position(long rows, long joined, long left, long rejected, boolean ended) {
        static final Position START = new Position(0, 0, 0, 0, false);
        static final Position REPEATED = new Position(0, 0, 0, 0, true);

        Map<String, Long> counts() {
            return Map.of("joined", joined, "left", left, "rejected", rejected);
        }

        Position after(int more, Moved moved, int unfit) {
            return new Position(rows + more, joined + moved.joined(), left + moved.left(), rejected + unfit, more == 0);
        }
    }

    /** How many joined and left. */
    record Moved(long joined, long left) {
        static final Moved NOBODY = new Moved(0, 0);
    }

    /** What is done with the contacts that an upload names, each step in the transaction of its batch. */
    interface Work {

        Moved take(Handle handle, UUID job, Segment segment, Set<Long> join, List<Long> leave);

        /** When all rows have been taken. */
        Moved end(Handle handle, UUID job, Segment segment, Position all);
    }

    private final String name;
    private final Work work;
    private final Jdbi jdbi;
    private final Contacts contacts;
    private final StaticMembers members;
    private final MemberSyncs syncs;

    MembersJob(String name, Work work, Jdbi jdbi, Contacts contacts, StaticMembers members, MemberSyncs syncs) {
        this.name = name;
        this.work = work;
        this.jdbi = jdbi;
        this.contacts = contacts;
        this.members = members;
        this.syncs = syncs;
    }

    static Job submit(Jobs jobs, Segment segment, Input input, InputStream body, String by) {
        return jobs.submit(input.action().kind, segment.key(), StaticMembers.serial(segment.id()), input, body, by);
    }

    @Override
    public String name() {
        return name;
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
        while (!position.ended() && !run.cancelled()) {
            var rows = read(upload);
            var from = position;
            position = Transactions.in(
                    jdbi,
                    handle -> rows.isEmpty() ? end(handle, run, input, from) : take(handle, run, input, from, rows));
            members.kick();
        }
    }

    @Override
    public void ended(Handle handle, JobRun run, Job job) {
        var input = run.input(Input.class);
        var how = switch (input.action()) {
            case ADD, REMOVE -> How.IMPORT;
            case AS_SAID, REPLACE -> How.EXTERNAL;
        };
        SegmentDeeds.membersChanged(handle, input.deed(), how, job);
    }

    /** At most a batch; none at the end. */
    private static List<Row> read(MemberUpload upload) throws IOException {
        var rows = new ArrayList<Row>();
        while (rows.size() < BATCH) {
            var row = upload.next();
            if (row == null) {
                break;
            }
            rows.add(row);
        }
        return rows;
    }

    private Position take(Handle handle, JobRun run, Input input, Position from, List<Row> rows) {
        var segment = segment(handle, input);
        Erasure.holdOff(handle);
        var problems = new ArrayList<JobProblem>();
        var named = named(handle, rows, problems);
        var join = new ArrayList<Long>();
        var leave = new ArrayList<Long>();
        named.forEach((contact, row) -> (removes(input.action(), row) ? leave : join).add(contact));
        var addable = members.addable(handle, segment, join);
        for (var contact : join) {
            if (!addable.contains(contact)) {
                var line = Objects.requireNonNull(named.get(contact)).line();
                problems.add(new JobProblem(line, "out-of-scope", "the contact is not in the segment's scope"));
            }
        }
        var moved = work.take(handle, run.id(), segment, addable, leave);
        var reached = from.after(rows.size(), moved, problems.size());
        progress(handle, run, reached, moved, problems);
        return reached;
    }

    private Position end(Handle handle, JobRun run, Input input, Position all) {
        var moved = work.end(handle, run.id(), segment(handle, input), all);
        var reached = all.after(0, moved, 0);
        syncs.complete(handle, run, input.segment(), input.syncId(), reached.counts());
        progress(handle, run, reached, moved, List.of());
        return reached;
    }

    private static void progress(Handle handle, JobRun run, Position reached, Moved moved, List<JobProblem> problems) {
        var counted = Map.of("joined", moved.joined(), "left", moved.left(), "rejected", (long) problems.size());
        run.progress(handle, reached, reached.rows(), counted, problems);
    }

    private static Segment segment(Handle handle, Input input) {
        var segment = MemberSyncs.lock(handle, input.segment());
        switch (input.action()) {
            case ADD, REMOVE -> StaticMembers.requireByHand(segment);
            case AS_SAID, REPLACE -> MemberSyncs.requireExternal(segment);
        }
        return segment;
    }

    private static boolean removes(Action action, Row row) {
        return switch (action) {
            case ADD, REPLACE -> false;
            case REMOVE -> true;
            case AS_SAID -> row.remove();
        };
    }

    /** The contacts that rows name, each with the last row that does. */
    private Map<Long, Row> named(Handle handle, List<Row> rows, List<JobProblem> problems) {
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
