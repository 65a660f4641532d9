package sojourn.app.journeys;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.platform.Temporal;
import sojourn.app.platform.Transactions;
import sojourn.workflows.journeys.JourneyRun;

/**
 * Starts the workflows of runs whose {@code check_at} has come: new runs, and runs of which nothing was heard a minute
 * past their deadline. The workflow's id is made of the run, so that starting one that runs already changes nothing;
 * one that Temporal has lost is rebuilt, since its first step finds the run's state in PostgreSQL.
 */
final class RunStarter {

    private static final Logger log = LoggerFactory.getLogger(RunStarter.class);
    private static final int PAGE = 64;
    private static final Duration LEASE = Duration.ofMinutes(1);

    /** When Temporal could not be reached; the call itself has waited long already. */
    private static final Duration BACK_OFF = Duration.ofSeconds(5);

    /** Workflows asked to start and not yet under way, at most: never start faster than first tiles drain. */
    private static final int MOST_STARTING = 256;

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Temporal temporal;
    private final RunSearchAttributes searchAttributes;

    RunStarter(Jdbi jdbi, InstantSource clock, Temporal temporal, RunSearchAttributes searchAttributes) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.temporal = temporal;
        this.searchAttributes = searchAttributes;
    }

    private void noteStarted(Due due) {
        jdbi.useHandle(handle -> new RunTurns(handle).started(due.id(), clock.instant()));
    }

    /** A claimed row, as far as its workflow's start needs it. */
    record Due(
            UUID id,
            UUID contact,
            String journey,
            int version,
            int runNo,
            @Nullable String businessUnit) {

        String workflowId() {
            return "journey/" + journey + "/contact/" + contact + "/" + runNo;
        }
    }

    /** Starts a page of workflows; says whether there may be more to start at once. */
    boolean startSome() throws InterruptedException {
        var now = clock.instant();
        if (!jdbi.withHandle(handle -> new RunTurns(handle).anyDue(now))) {
            return false;
        }
        var due = Transactions.in(jdbi, handle -> {
            var runs = new RunTurns(handle);
            var room = MOST_STARTING - runs.starting(now, now.plus(LEASE.multipliedBy(2)), MOST_STARTING);
            return runs.claim(now, now.plus(LEASE), Math.clamp(room, 0, PAGE));
        });
        var notStarted = new ConcurrentLinkedQueue<UUID>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            due.forEach(each -> threads.execute(() -> start(each, notStarted)));
        }
        if (!notStarted.isEmpty()) {
            jdbi.useExtension(
                    RunDao.class,
                    runs -> notStarted.forEach(
                            id -> runs.checkAt(id, clock.instant().plus(BACK_OFF))));
        }
        return due.size() == PAGE;
    }

    private void start(Due due, Collection<UUID> notStarted) {
        try {
            var attributes = searchAttributes.of(due);
            var options = WorkflowOptions.newBuilder()
                    .setWorkflowId(due.workflowId())
                    .setTaskQueue(Temporal.JOURNEYS)
                    // The answer brings the first task to a worker of this process, where there is one with room:
                    // that spares the server a dispatch. A task that dies with it is given out again.
                    .setDisableEagerExecution(false)
                    .setStaticSummary(due.journey() + " version " + due.version() + ", run " + due.runNo());
            if (attributes != null) {
                options.setTypedSearchAttributes(attributes);
            }
            var run = temporal.client().newWorkflowStub(JourneyRun.class, options.build());
            WorkflowClient.start(run::run, due.id());
            noteStarted(due);
        } catch (WorkflowExecutionAlreadyStarted running) {
            noteStarted(due);
        } catch (RuntimeException unavailable) {
            log.warn("the workflow of run {} cannot be started now: {}", due.id(), unavailable.toString());
            notStarted.add(due.id());
        }
    }
}
