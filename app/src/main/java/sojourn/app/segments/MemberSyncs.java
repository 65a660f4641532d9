package sojourn.app.segments;

import com.fasterxml.jackson.core.type.TypeReference;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Columns;
import sojourn.app.platform.JobRun;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;

/** Sees to it that what an outside system sends under one name is done once. */
final class MemberSyncs {

    private static final TypeReference<Map<String, Long>> COUNTS = new TypeReference<>() {};

    private final Jdbi jdbi;
    private final InstantSource clock;

    MemberSyncs(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /** What was done under a name. */
    record Sync(String syncId, UUID jobId, Map<String, Long> result, Instant at) {}

    Optional<Sync> done(Handle handle, int segment, @Nullable String syncId) {
        return handle.createQuery("""
                        select * from member_sync
                        where segment_id = :segment and sync_id = :sync and result is not null
                        """)
                .bind("segment", segment)
                .bind("sync", syncId)
                .map((row, _) -> new Sync(
                        row.getString("sync_id"),
                        Columns.uuid(row, "job_id"),
                        Columns.json(row, "result", COUNTS),
                        Columns.instant(row, "at")))
                .findOne();
    }

    /**
     * Whether there is something to do for the job: not when it has been done. What came before it in the line has ended,
     * so whatever is not done by now has failed.
     */
    boolean claim(JobRun run, int segment, @Nullable String syncId) {
        return syncId == null
                || Transactions.in(jdbi, handle -> {
                    lock(handle, segment);
                    var mine = handle.createUpdate("""
                                    insert into member_sync (segment_id, sync_id, job_id, at)
                                    values (:segment, :sync, :job, :now::timestamptz)
                                    on conflict (segment_id, sync_id) do update
                                    set job_id = excluded.job_id, at = excluded.at
                                    where member_sync.result is null
                                    """)
                            .bind("segment", segment)
                            .bind("sync", syncId)
                            .bind("job", run.id())
                            .bind("now", clock.instant())
                            .execute();
                    return mine == 1;
                });
    }

    /** In the transaction that completes it. */
    void complete(Handle handle, JobRun run, int segment, @Nullable String syncId, Map<String, Long> result) {
        if (syncId != null) {
            handle.createUpdate("""
                            update member_sync set result = :result::jsonb, at = :now::timestamptz
                            where segment_id = :segment and sync_id = :sync and job_id = :job
                            """)
                    .bind("segment", segment)
                    .bind("sync", syncId)
                    .bind("job", run.id())
                    .bind("result", Columns.json(result))
                    .bind("now", clock.instant())
                    .execute();
        }
    }

    /** The segment of a job; its end when the segment is gone. */
    static Segment lock(Handle handle, int segment) {
        return handle.attach(SegmentDao.class)
                .lock(segment)
                .orElseThrow(() -> new Problem(ProblemType.NOT_FOUND, "The segment was deleted"));
    }

    /** Refuses a segment whose members are not sent from outside. */
    static void requireExternal(Segment segment) {
        StaticMembers.requirePicked(segment);
        if (segment.external() == null) {
            throw new Problem(
                    ProblemType.WRONG_STATE,
                    "The members of segment " + segment.key() + " are picked by hand; say where they come from in"
                            + " `external` first, or use POST /v1/segments/" + segment.key() + "/members/import");
        }
    }
}
