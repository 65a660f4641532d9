package sojourn.app.segments;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contacts;
import sojourn.app.contacts.Erasure;
import sojourn.app.platform.JobKind;
import sojourn.app.platform.JobProblem;
import sojourn.app.platform.JobRun;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.segments.MemberUpload.Row;

/**
 * Lets the contacts that an upload names be the members of an external segment, and no others. They are laid aside batch by
 * batch and become the members in one transaction at the end: until then nothing has changed, then everything has.
 */
final class MembersReplacement implements JobKind {

    static final String NAME = "segment-members-replacement";

    record Input(
            int segment,
            MemberUpload.Format format,
            @Nullable String syncId) {}

    record Position(long rows, long rejected, boolean ended) {
        static final Position START = new Position(0, 0, false);
        static final Position REPEATED = new Position(0, 0, true);
    }

    private final Jdbi jdbi;
    private final Contacts contacts;
    private final StaticMembers members;
    private final MemberSyncs syncs;
    private final Scopes scopes;
    private final InstantSource clock;

    MembersReplacement(
            Jdbi jdbi,
            Contacts contacts,
            StaticMembers members,
            MemberSyncs syncs,
            Scopes scopes,
            InstantSource clock) {
        this.jdbi = jdbi;
        this.contacts = contacts;
        this.members = members;
        this.syncs = syncs;
        this.scopes = scopes;
        this.clock = clock;
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
            Transactions.use(
                    jdbi, handle -> run.progress(handle, Position.REPEATED, 0, MembersImport.REPEATED, List.of()));
            return;
        }
        var upload = input.format().open(run.upload());
        for (var row = 0L; row < position.rows(); row++) {
            upload.skip();
        }
        for (var rows = MembersImport.read(upload); !rows.isEmpty(); rows = MembersImport.read(upload)) {
            if (run.cancelled()) {
                return;
            }
            var batch = rows;
            var from = position;
            position = Transactions.in(jdbi, handle -> layAside(handle, run, input, from, batch));
        }
        if (!run.cancelled()) {
            var last = position;
            Transactions.use(jdbi, handle -> swap(handle, run, input, last));
            members.kick();
        }
    }

    private Position layAside(Handle handle, JobRun run, Input input, Position from, List<Row> rows) {
        var segment = MemberSyncs.lock(handle, input.segment());
        var problems = new ArrayList<JobProblem>();
        var named = MembersImport.named(handle, contacts, rows, problems);
        var addable = members.addable(handle, segment, named.keySet());
        named.forEach((contact, row) -> {
            if (!addable.contains(contact)) {
                problems.add(new JobProblem(row.line(), "out-of-scope", "the contact is not in the segment's scope"));
            }
        });
        handle.createUpdate("""
                        insert into member_sync_contact (job_id, contact_id)
                        select :job, contact from unnest(:contacts) as contact
                        on conflict do nothing
                        """)
                .bind("job", run.id())
                .bind("contacts", new TreeSet<>(addable).toArray(Long[]::new))
                .execute();
        var reached = new Position(from.rows() + rows.size(), from.rejected() + problems.size(), false);
        run.progress(handle, reached, reached.rows(), Map.of("rejected", (long) problems.size()), problems);
        return reached;
    }

    private void swap(Handle handle, JobRun run, Input input, Position last) {
        Erasure.holdOff(handle);
        var segment = MemberSyncs.lock(handle, input.segment());
        MemberSyncs.requireExternal(segment);
        Locks.exclusive(handle, segment.id());
        if (last.rows() == 0) {
            throw new Problem(
                    ProblemType.INVALID,
                    "The list is empty, which is more often a failed export than meant; nothing was changed. To remove"
                            + " all members, PATCH their removal");
        }
        if (last.rows() == last.rejected()) {
            throw new Problem(
                    ProblemType.INVALID,
                    "None of the " + last.rows() + " rows names a contact that could be a member; nothing was changed");
        }
        var now = clock.instant();
        var wanted = Statement.of(
                        "exists (select 1 from member_sync_contact s where s.job_id = ? and s.contact_id = c.id) and ",
                        run.id())
                .add(Objects.requireNonNull(scopes.of(handle, List.of(segment)).get(segment.id()))
                        .condition());
        var delta = Delta.write(handle, segment.id(), wanted, now);
        delta.tellDependents(handle, segment.key(), now);
        handle.execute("delete from member_sync_contact where job_id = ?", run.id());
        var moved = Map.of("joined", delta.joined(), "left", delta.left());
        syncs.done(
                handle,
                run,
                segment.id(),
                input.syncId(),
                Map.of("joined", delta.joined(), "left", delta.left(), "rejected", last.rejected()));
        run.progress(handle, new Position(last.rows(), last.rejected(), true), last.rows(), moved, List.of());
    }

    /** Forgets what jobs that failed or were cancelled have laid aside. */
    static void cleanUp(Handle handle) {
        handle.execute("""
                delete from member_sync_contact s
                where not exists (select from job where id = s.job_id and state in ('queued', 'running'))
                """);
    }
}
