package sojourn.app.platform;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jdbi.v3.sqlobject.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/** Leases are by the database's clock, which all processes share. */
@RegisterConstructorMapper(Job.class)
@RegisterConstructorMapper(ClaimedJob.class)
interface JobDao {

    @SqlQuery("""
            insert into job (kind, state, subject, serial, input, created_at, created_by, leased_until)
            values (:kind, 'uploading', :subject, :serial, cast(:input as jsonb), :now, :createdBy,
                    clock_timestamp() + interval '5 minutes')
            returning id
            """)
    UUID add(
            String kind,
            @Nullable String subject,
            @Nullable String serial,
            String input,
            Instant now,
            String createdBy);

    @SqlUpdate("""
            with kept as (
                update job set leased_until = clock_timestamp() + interval '5 minutes'
                where id = :job and state = 'uploading'
                returning id)
            insert into job_upload (job_id, no, bytes) select id, :no, :bytes from kept
            """)
    int addChunk(UUID job, int no, byte[] bytes);

    @SqlQuery("select bytes from job_upload where job_id = :job and no = :no")
    Optional<byte[]> chunk(UUID job, int no);

    /** Queues what has come in. */
    @Transaction
    default boolean queue(UUID job) {
        lockSerial(job);
        return takeTurn(job) == 1;
    }

    /** Until the commit, so that whoever has a later turn is not to be seen before whoever has an earlier one. */
    @SqlQuery("""
            select count(pg_advisory_xact_lock(hashtextextended(serial, 7305006)))
            from job where id = :job and serial is not null
            """)
    long lockSerial(UUID job);

    @SqlUpdate("""
            update job set state = 'queued', leased_until = null, turn = nextval('job_turn')
            where id = :job and state = 'uploading'
            """)
    int takeTurn(UUID job);

    @SqlUpdate("delete from job where id = :job and state = 'uploading'")
    void drop(UUID job);

    @SqlUpdate("delete from job where state = 'uploading' and leased_until < clock_timestamp()")
    int dropAbandoned();

    @SqlUpdate("delete from job where ended_at < :before")
    int dropEndedBefore(Instant before);

    @SqlQuery("select * from job where id = :id and state <> 'uploading'")
    Optional<Job> find(UUID id);

    @SqlQuery("""
            select * from job
            where state <> 'uploading'
              and (cast(:after as uuid) is null or id < :after)
              and (cast(:kind as text) is null or kind = :kind)
              and (cast(:state as text) is null or state = :state)
            order by id desc
            limit :limit
            """)
    List<Job> newestFirst(@Nullable String kind, @Nullable String state, @Nullable UUID after, int limit);

    @SqlQuery("""
            update job
            set state = 'running', attempt = attempt + 1, leased_until = clock_timestamp() + interval '20 seconds',
                started_at = coalesce(started_at, :now)
            where id = (select id from job
                        where kind = any(:kinds)
                          and (state = 'queued' and (leased_until is null or leased_until < clock_timestamp())
                               or state = 'running' and leased_until < clock_timestamp())
                          and not exists (select from job older
                                          where older.serial = job.serial and older.turn < job.turn
                                            and older.state in ('queued', 'running'))
                        order by created_at
                        limit 1
                        for update of job skip locked)
            returning *
            """)
    Optional<ClaimedJob> claim(List<String> kinds, Instant now);

    /** Whether it is to be cancelled; empty when another process has it. */
    @SqlQuery("""
            update job set leased_until = clock_timestamp() + interval '20 seconds'
            where id = :job and attempt = :attempt and state = 'running'
            returning cancelling
            """)
    Optional<Boolean> renew(UUID job, int attempt);

    /** Whether it is to be cancelled; empty when another process has it. */
    @SqlQuery("""
            update job
            set position = cast(:position as jsonb), done = :done, failures = 0,
                leased_until = clock_timestamp() + interval '20 seconds',
                result = (select coalesce(jsonb_object_agg(key, coalesce(had.value::bigint, 0)
                                                              + coalesce(adds.value::bigint, 0)), '{}')
                          from jsonb_each_text(result) had
                          full join jsonb_each_text(cast(:counted as jsonb)) adds using (key)),
                problems = case when :problemCount = 0 or problems_total >= 1000 then problems else (
                               select jsonb_agg(problem order by no)
                               from jsonb_array_elements(problems || cast(:problems as jsonb))
                                    with ordinality as listed (problem, no)
                               where no <= 1000) end,
                problems_total = problems_total + :problemCount
            where id = :job and attempt = :attempt and state = 'running'
            returning cancelling
            """)
    Optional<Boolean> progress(
            UUID job, int attempt, String position, long done, String counted, String problems, int problemCount);

    @SqlUpdate("update job set total = :total where id = :job and attempt = :attempt and state = 'running'")
    void total(UUID job, int attempt, long total);

    /** Ends the job and lets go of its upload; false when another process has it. */
    @SqlQuery("""
            with ended as (
                update job
                set state = :state, ended_at = :now, leased_until = null,
                    problems = case when :problemCount = 0 or problems_total >= 1000 then problems
                                    else problems || cast(:problems as jsonb) end,
                    problems_total = problems_total + :problemCount
                where id = :job and attempt = :attempt and state = 'running'
                returning id),
            dropped as (delete from job_upload where job_id in (select id from ended))
            select exists (select from ended)
            """)
    boolean end(UUID job, int attempt, String state, Instant now, String problems, int problemCount);

    /** Gives the job back, for any process to go on with after so many seconds. */
    @SqlUpdate("""
            update job
            set state = 'queued', failures = failures + :failed,
                leased_until = clock_timestamp() + make_interval(secs => :seconds)
            where id = :job and attempt = :attempt and state = 'running'
            """)
    void release(UUID job, int attempt, int failed, int seconds);

    /** Cancels at once what has not begun, and asks what has begun to stop; whether nobody had done so before. */
    @SqlQuery("""
            with cancelled as (
                update job
                set cancelling = true,
                    state = case when state = 'queued' then 'cancelled' else state end,
                    ended_at = case when state = 'queued' then :now else ended_at end
                where id = :job and state in ('queued', 'running')
                returning id, state, old.cancelling as again),
            dropped as (
                delete from job_upload where job_id in (select id from cancelled where state = 'cancelled'))
            select exists (select from cancelled where not again)
            """)
    boolean cancel(UUID job, Instant now);

    /** A job as its kind knows it, whoever has it. */
    @SqlQuery("select * from job where id = :job")
    ClaimedJob asClaimed(UUID job);
}
