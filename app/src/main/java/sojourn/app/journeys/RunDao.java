package sojourn.app.journeys;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.json.Json;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.Instruction;

@RegisterConstructorMapper(RunRow.class)
@RegisterConstructorMapper(VisitRow.class)
interface RunDao {

    @SqlQuery("select * from run where id = :id")
    Optional<RunRow> find(UUID id);

    /** Whoever changes a run holds this lock, so that steps of one run never interleave. */
    @SqlQuery("select * from run where id = :id for update")
    Optional<RunRow> lock(UUID id);

    @SqlQuery("select * from tile_visit where run_id = :run and no = :no")
    Optional<VisitRow> visit(UUID run, int no);

    @SqlQuery("""
            select entered_at from tile_visit where run_id = :run and tile = :tile order by no desc limit 1
            """)
    Optional<Instant> visited(UUID run, String tile);

    @SqlQuery("select coalesce(max(pass), 0) from tile_visit where run_id = :run and tile = :tile")
    int passes(UUID run, String tile);

    @SqlUpdate("""
            insert into tile_visit (run_id, contact_id, no, journey_id, version, tile, type, pass, entered_at, status)
            values (:run.id, :run.contactId, :no, :run.journeyId, :run.version, :tile, :type, :pass, :at, 'processing')
            """)
    void enter(@BindMethods("run") RunRow run, int no, String tile, String type, int pass, Instant at);

    @SqlUpdate("""
            update tile_visit
            set status = :status, outcome = :outcome, branch = :branch, reason = :reason, left_at = :at,
                why = to_jsonb(cast(:why as text))
            where run_id = :run and no = :no
            """)
    void leave(
            UUID run,
            int no,
            String status,
            @Nullable String outcome,
            @Nullable String branch,
            @Nullable String reason,
            @Nullable String why,
            Instant at);

    /** Where the run stays now. */
    @SqlUpdate("""
            update run
            set status = 'active', visit = :visit, tile = :tile, instruction = :instruction, until = :until,
                listening = :listening, check_at = :checkAt
            where id = :id
            """)
    void stay(
            UUID id,
            int visit,
            @Nullable String tile,
            @Json Instruction instruction,
            @Nullable Instant until,
            List<String> listening,
            Instant checkAt);

    @SqlUpdate("""
            update run
            set status = :status, outcome = :outcome, reason = :reason, ended_at = :at, listening = '{}', until = null,
                check_at = null, visit = :visit, tile = :tile, instruction = :instruction
            where id = :id
            """)
    void end(
            UUID id,
            String status,
            @Nullable String outcome,
            @Nullable String reason,
            int visit,
            @Nullable String tile,
            @Json Instruction instruction,
            Instant at);

    /** A delivery that no attempt is handing over is called off with its run. */
    @SqlUpdate("""
            update delivery set state = 'cancelled', ended_at = :at where run_id = :run and state = 'reserved'
            """)
    void cancelReserved(UUID run, Instant at);

    @SqlQuery("""
            select exists (select 1 from delivery where run_id = :run and visit = :visit and state = 'handing-over')
            """)
    boolean handingOver(UUID run, int visit);

    @SqlUpdate("update run set goal_at = :at, goal_value = :value where id = :id and goal_at is null")
    int reachGoal(UUID id, Instant at, @Nullable BigDecimal value);

    /** Asks an open run to end; the first reason asked for stands. */
    @SqlUpdate("""
            update run set exit_requested = :reason, exit_at = :at
            where id = :id and status in ('pending', 'active') and exit_requested is null
            """)
    int requestExit(UUID id, String reason, Instant at);

    @SqlUpdate("insert into run_signal (run_id) values (:id)")
    void signal(UUID id);

    /**
     * Runs, open or ended, that have not reached a goal that these rows of the change queue speak of; in the order in
     * which they are to be locked.
     */
    @SqlQuery("""
            select distinct r.id
            from change
            cross join unnest(change.contact_ids) as changed (id)
            join run r on r.contact_id = changed.id
            join journey_version v on v.journey_id = r.journey_id and v.version = r.version
            where change.seq = any(:changes) and r.goal_at is null and v.goal = any(change.causes)
            order by r.id
            """)
    List<UUID> wantingGoal(List<Long> changes);

    /**
     * Claims rows whose time to be looked after has come: nobody else gets them until {@code leasedUntil}. Pending rows
     * come first by age; those started and not yet under way are counted against {@code limit} by the caller.
     */
    @SqlQuery("""
            update run r set check_at = :leasedUntil
            from (select id, contact_id from run where check_at <= :now order by check_at limit :limit
                  for update skip locked) due
            where r.id = due.id and r.contact_id = due.contact_id
            returning r.id, (select uuid from contact c where c.id = r.contact_id) as contact,
                      (select key from journey j where j.id = r.journey_id) as journey, r.version, r.run_no,
                      (select business_unit from contact c where c.id = r.contact_id) as business_unit
            """)
    @RegisterConstructorMapper(RunStarter.Due.class)
    List<RunStarter.Due> claim(Instant now, Instant leasedUntil, int limit);

    /** Runs whose workflows were asked to start and have not come to life yet: claimed by a lease that ends before {@code until}. */
    @SqlQuery("""
            select count(*)
            from (select 1 from run where status = 'pending' and check_at > :now and check_at <= :until limit :limit) started
            """)
    int starting(Instant now, Instant until, int limit);

    /**
     * The workflow of a run is there: an active one is looked after again a minute past its deadline, one that is sending
     * in five.
     */
    @SqlUpdate("""
            update run
            set check_at = greatest(coalesce(until, cast(:now as timestamptz) + interval '4 minutes'), :now) + interval '1 minute'
            where id = :id and status = 'active'
            """)
    void started(UUID id, Instant now);

    @SqlUpdate("update run set check_at = :at where id = :id and status in ('pending', 'active')")
    void checkAt(UUID id, Instant at);

    /** All open runs are to be looked after: Temporal has none of their workflows any more. */
    @SqlUpdate("update run set check_at = :now where status in ('pending', 'active')")
    int checkAll(Instant now);
}
