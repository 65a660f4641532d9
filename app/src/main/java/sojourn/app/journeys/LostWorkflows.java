package sojourn.app.journeys;

import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowNotFoundException;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.platform.Temporal;
import sojourn.app.platform.Transactions;

/**
 * Notices that Temporal has lost the workflows of open runs (its store was lost or replaced, or it kept them in memory):
 * looks for the workflows of a few of them, those that would be missed last. When one is gone all open runs are put up
 * for a start, which changes nothing for those whose workflows are there.
 */
final class LostWorkflows {

    private static final Logger log = LoggerFactory.getLogger(LostWorkflows.class);
    private static final int SAMPLE = 3;

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Temporal temporal;

    LostWorkflows(Jdbi jdbi, InstantSource clock, Temporal temporal) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.temporal = temporal;
    }

    /** Public for the row mapper. */
    public record Sampled(UUID id, String workflowId) {}

    /** Looks once; says whether anything was lost. */
    boolean look() {
        if (sample().stream().allMatch(each -> runs(each.workflowId()) || hasEnded(each.id()))) {
            return false;
        }
        var count = Transactions.in(jdbi, handle -> handle.attach(RunDao.class).checkAll(clock.instant()));
        log.warn(
                "Temporal lacks workflows of open runs; {} runs are looked after and started again where needed",
                count);
        return true;
    }

    private List<Sampled> sample() {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select r.id, 'journey/' || j.key || '/contact/' || c.uuid || '/' || r.run_no as workflow_id
                        from (select latest.*
                              from journey
                              cross join lateral (select * from run where journey_id = journey.id and check_at > :now
                                                  order by check_at desc limit :limit) latest
                              where state <> 'draft'
                              order by latest.check_at desc limit :limit) r
                        join journey j on j.id = r.journey_id
                        join contact c on c.id = r.contact_id
                        where r.status = 'active'
                        """)
                .bind("now", clock.instant())
                .bind("limit", SAMPLE)
                .map(ConstructorMapper.of(Sampled.class))
                .list());
    }

    /** Its workflow and its row end one after the other, and this look may fall between. */
    private boolean hasEnded(UUID run) {
        return jdbi.withHandle(handle -> new RunRows(handle).find(run))
                .filter(RunRow::open)
                .isEmpty();
    }

    private boolean runs(String workflowId) {
        try {
            return temporal.client()
                            .newUntypedWorkflowStub(workflowId)
                            .describe()
                            .getStatus()
                    == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
        } catch (WorkflowNotFoundException lost) {
            return false;
        }
    }
}
