package sojourn.app.segments;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Erasure;
import sojourn.app.platform.Job;
import sojourn.app.platform.JobKind;
import sojourn.app.platform.JobRun;
import sojourn.app.platform.Transactions;
import sojourn.app.security.Deed;
import sojourn.app.segments.SegmentDeeds.How;

/** Adds all contacts of a large result to a static segment, or removes them, batch by batch. */
final class ResultMembers implements JobKind {

    static final String NAME = "segment-members";

    private static final int BATCH = 1000;

    /** @param deed who picks them; null where that was before deeds were kept */
    record Input(
            int segment,
            UUID query,
            boolean remove,
            @Nullable Deed deed) {}

    record Position(long contact, long done) {}

    private record Reached(Position position, boolean ended) {}

    private final Jdbi jdbi;
    private final MemberQueries queries;
    private final StaticMembers members;

    ResultMembers(Jdbi jdbi, MemberQueries queries, StaticMembers members) {
        this.jdbi = jdbi;
        this.queries = queries;
        this.members = members;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(JobRun run) {
        var input = run.input(Input.class);
        run.total(jdbi.withHandle(handle -> queries.get(handle, input.segment(), input.query()))
                .count());
        var reached = new Reached(run.position(Position.class).orElse(new Position(0, 0)), false);
        while (!reached.ended() && !run.cancelled()) {
            var from = reached.position();
            reached = Transactions.in(jdbi, handle -> change(handle, run, input, from));
            members.kick();
        }
    }

    @Override
    public void ended(Handle handle, JobRun run, Job job) {
        SegmentDeeds.membersChanged(handle, run.input(Input.class).deed(), How.QUERY, job);
    }

    private Reached change(Handle handle, JobRun run, Input input, Position from) {
        var segment = MemberSyncs.lock(handle, input.segment());
        StaticMembers.requireByHand(segment);
        Erasure.holdOff(handle);
        queries.get(handle, segment.id(), input.query());
        var batch = MemberQueries.next(handle, input.query(), from.contact(), BATCH);
        if (batch.isEmpty()) {
            return new Reached(from, true);
        }
        var moved = queries.change(handle, segment, batch, input.remove());
        var reached = new Position(batch.getLast(), from.done() + batch.size());
        run.progress(
                handle, reached, reached.done(), Map.of("joined", moved.joined(), "left", moved.left()), List.of());
        return new Reached(reached, false);
    }
}
