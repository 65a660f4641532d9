package sojourn.app.journeys;

import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** What seldom happens to runs, from outside their own steps, which are in {@link RunRows}. */
interface RunDao {

    /** Asks an open run to end; the first reason asked for stands. */
    @SqlUpdate("""
            update run set exit_requested = :reason, exit_at = :at
            where id = :id and status in ('pending', 'active') and exit_requested is null
            """)
    int requestExit(UUID id, String reason, Instant at);

    /** Tells a run to look again; {@code because} is for whoever reads the history. */
    @SqlUpdate("insert into run_signal (run_id, because) values (:id, :because)")
    void signal(UUID id, String because);

    @SqlUpdate("update run set check_at = :at where id = :id and status in ('pending', 'active')")
    void checkAt(UUID id, Instant at);

    /** All open runs are to be looked after: Temporal has none of their workflows any more. */
    @SqlUpdate("update run set check_at = :now where status in ('pending', 'active')")
    int checkAll(Instant now);
}
