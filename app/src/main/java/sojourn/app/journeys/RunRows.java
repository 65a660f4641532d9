package sojourn.app.journeys;

import com.fasterxml.jackson.core.type.TypeReference;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Columns;
import sojourn.workflows.journeys.Instruction;

/**
 * A run and its tile visits in PostgreSQL, as each of its steps reads and writes them. A journey of eight tiles passes
 * here a hundred times, so mappers are written by hand: making them by reflection costs more than most of these queries.
 */
record RunRows(Handle handle) {

    private static final TypeReference<Instruction> INSTRUCTION = new TypeReference<>() {};

    Optional<RunRow> find(UUID id) {
        return handle.createQuery("select * from run where id = :id")
                .bind("id", id)
                .map(RunRows::toRun)
                .findOne();
    }

    /** Whoever changes a run holds this lock, so that steps of one run never interleave. */
    Optional<RunRow> lock(UUID id) {
        return handle.createQuery("select * from run where id = :id for update")
                .bind("id", id)
                .map(RunRows::toRun)
                .findOne();
    }

    Optional<VisitRow> visit(UUID run, int no) {
        return handle.createQuery("select * from tile_visit where run_id = :run and no = :no")
                .bind("run", run)
                .bind("no", no)
                .map(RunRows::toVisit)
                .findOne();
    }

    /** How often the run has come to a tile. */
    int passes(UUID run, String tile) {
        return handle.createQuery("select coalesce(max(pass), 0) from tile_visit where run_id = :run and tile = :tile")
                .bind("run", run)
                .bind("tile", tile)
                .mapTo(Integer.class)
                .one();
    }

    /** Begins a visit, the next pass of its tile. */
    VisitRow enter(RunRow run, int no, String tile, String type, Instant at) {
        return handle.createQuery("""
                        insert into tile_visit (run_id, contact_id, no, journey_id, version, tile, type, pass, entered_at,
                                                status)
                        values (:run, :contact, :no, :journey, :version, :tile, :type,
                                (select coalesce(max(pass), 0) + 1 from tile_visit where run_id = :run and tile = :tile),
                                :at, 'processing')
                        returning *
                        """)
                .bind("run", run.id())
                .bind("contact", run.contactId())
                .bind("no", no)
                .bind("journey", run.journeyId())
                .bind("version", run.version())
                .bind("tile", tile)
                .bind("type", type)
                .bind("at", at)
                .map(RunRows::toVisit)
                .one();
    }

    /** Gives the visit of a test its variant. */
    VisitRow give(UUID run, int no, String variant, String why) {
        return handle.createQuery("""
                        update tile_visit set branch = :variant, why = to_jsonb(cast(:why as text))
                        where run_id = :run and no = :no
                        returning *
                        """)
                .bind("run", run)
                .bind("no", no)
                .bind("variant", variant)
                .bind("why", why)
                .map(RunRows::toVisit)
                .one();
    }

    void leave(
            UUID run,
            int no,
            String status,
            @Nullable String outcome,
            @Nullable String branch,
            @Nullable String reason,
            @Nullable String why,
            @Nullable Seen seen,
            Instant at) {
        handle.createUpdate("""
                        update tile_visit
                        set status = :status, outcome = :outcome, branch = :branch, reason = :reason, left_at = :at,
                            why = to_jsonb(cast(:why as text)), seen = cast(:seen as jsonb)
                        where run_id = :run and no = :no
                        """)
                .bind("run", run)
                .bind("no", no)
                .bind("status", status)
                .bind("outcome", outcome)
                .bind("branch", branch)
                .bind("reason", reason)
                .bind("why", why)
                .bind("seen", seen == null ? null : Columns.json(seen))
                .bind("at", at)
                .execute();
    }

    /** Where the run stays now. */
    void stay(
            UUID id,
            int visit,
            @Nullable String tile,
            Instruction instruction,
            @Nullable Instant until,
            List<String> listening,
            Instant checkAt) {
        handle.createUpdate("""
                        update run
                        set status = 'active', visit = :visit, tile = :tile, instruction = cast(:instruction as jsonb),
                            until = :until, listening = :listening, check_at = :checkAt
                        where id = :id
                        """)
                .bind("id", id)
                .bind("visit", visit)
                .bind("tile", tile)
                .bind("instruction", Columns.json(instruction))
                .bind("until", until)
                .bindArray("listening", String.class, listening)
                .bind("checkAt", checkAt)
                .execute();
    }

    void end(
            UUID id,
            String status,
            @Nullable String outcome,
            @Nullable String reason,
            int visit,
            @Nullable String tile,
            Instruction instruction,
            Instant at) {
        handle.createUpdate("""
                        update run
                        set status = :status, outcome = :outcome, reason = :reason, ended_at = :at, listening = '{}',
                            until = null, check_at = null, visit = :visit, tile = :tile,
                            instruction = cast(:instruction as jsonb)
                        where id = :id
                        """)
                .bind("id", id)
                .bind("status", status)
                .bind("outcome", outcome)
                .bind("reason", reason)
                .bind("visit", visit)
                .bind("tile", tile)
                .bind("instruction", Columns.json(instruction))
                .bind("at", at)
                .execute();
    }

    /** On another version; the deadline of its visit is found out anew, from its arrival there. */
    void toVersion(UUID id, int version) {
        handle.execute("update run set version = ?, until = null where id = ?", version, id);
    }

    void reopen(UUID id) {
        handle.execute("""
                update run
                set status = 'active', ended_at = null, reason = null, exit_requested = null, exit_at = null,
                    reopened = reopened + 1
                where id = ? and status = 'failed'
                """, id);
    }

    /** A delivery that no attempt is handing over is called off with its run; one that may have arrived is not. */
    void cancelReserved(UUID run, Instant at) {
        handle.execute("""
                update delivery set state = case when uncertain then 'unconfirmed' else 'cancelled' end, ended_at = ?
                where run_id = ? and state = 'reserved'
                """, at, run);
    }

    boolean handingOver(UUID run, int visit) {
        return handle.select("""
                        select exists (select 1 from delivery where run_id = ? and visit = ? and state = 'handing-over')
                        """, run, visit).mapTo(Boolean.class).one();
    }

    /** False when the goal had been noted before. */
    boolean reachGoal(UUID id, Instant at, @Nullable BigDecimal value) {
        return handle.execute(
                        "update run set goal_at = ?, goal_value = ? where id = ? and goal_at is null", at, value, id)
                > 0;
    }

    private static RunRow toRun(ResultSet row, StatementContext context) throws SQLException {
        return new RunRow(
                Columns.uuid(row, "id"),
                row.getLong("contact_id"),
                row.getInt("journey_id"),
                row.getInt("version"),
                row.getInt("run_no"),
                row.getString("status"),
                Columns.instant(row, "entered_at"),
                row.getString("entered_by"),
                row.getInt("visit"),
                row.getString("tile"),
                Columns.jsonOrNull(row, "instruction", INSTRUCTION),
                Columns.instantOrNull(row, "until"),
                Columns.texts(row, "listening"),
                row.getString("exit_requested"),
                Columns.instantOrNull(row, "exit_at"),
                row.getString("outcome"),
                row.getString("reason"),
                Columns.instantOrNull(row, "goal_at"),
                row.getString("trigger_id"),
                Columns.instantOrNull(row, "trigger_at"),
                row.getString("binding"),
                row.getInt("reopened"),
                row.getInt("iteration"));
    }

    private static VisitRow toVisit(ResultSet row, StatementContext context) throws SQLException {
        return new VisitRow(
                Columns.uuid(row, "run_id"),
                row.getInt("no"),
                row.getString("tile"),
                row.getString("type"),
                row.getInt("pass"),
                Columns.instant(row, "entered_at"),
                Columns.instantOrNull(row, "left_at"),
                Duration.of(row.getLong("held"), ChronoUnit.MICROS),
                row.getString("status"),
                row.getString("outcome"),
                row.getString("branch"));
    }
}
