package sojourn.app.journeys;

import io.temporal.client.WorkflowNotFoundException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.platform.Columns;
import sojourn.app.platform.Temporal;
import sojourn.app.platform.Transactions;

/**
 * Tells runs to look again. A row of {@code run_signal} stays until Temporal has taken the signal, or until it turns out
 * that the run has ended; a run that is open but has no workflow is put up for a new one. Signals mean "look again", so
 * doubled, late or reordered ones are harmless.
 */
final class SignalDispatch {

    private static final Logger log = LoggerFactory.getLogger(SignalDispatch.class);
    private static final int PAGE = 128;
    private static final int MOST_REASONS = 10;
    private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(1);

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Temporal temporal;

    SignalDispatch(Jdbi jdbi, InstantSource clock, Temporal temporal) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.temporal = temporal;
    }

    private enum Result {
        TAKEN,
        NO_WORKFLOW,
        UNAVAILABLE
    }

    private record Waiting(long seq, int attempt, @Nullable String because, UUID run, String workflowId) {}

    /** Sends a page of signals; says whether there may be more. */
    boolean sendSome() {
        return Transactions.in(jdbi, handle -> {
            var waiting = claim(handle);
            var results = new ConcurrentHashMap<UUID, Result>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                waiting.stream()
                        .collect(Collectors.groupingBy(Waiting::run))
                        .forEach((run, several) -> threads.execute(() -> results.put(run, send(several))));
            }
            settle(handle, waiting, results);
            return waiting.size() == PAGE;
        });
    }

    private List<Waiting> claim(Handle handle) {
        return handle.createQuery("""
                        select s.seq, s.attempt, s.because, r.id as run,
                               'journey/' || j.key || '/contact/' || c.uuid || '/' || r.run_no as workflow_id
                        from (select seq, run_id, attempt, because from run_signal
                              where not_before is null or not_before <= :now
                              order by seq limit :limit for update skip locked) s
                        join run r on r.id = s.run_id
                        join journey j on j.id = r.journey_id
                        join contact c on c.id = r.contact_id
                        order by s.seq
                        """)
                .bind("now", clock.instant())
                .bind("limit", PAGE)
                .map((row, _) -> new Waiting(
                        row.getLong("seq"),
                        row.getInt("attempt"),
                        row.getString("because"),
                        Columns.uuid(row, "run"),
                        row.getString("workflow_id")))
                .list();
    }

    /** One signal for all that waits for a run. */
    private Result send(List<Waiting> several) {
        var workflowId = several.getFirst().workflowId();
        var because = several.stream()
                .map(Waiting::because)
                .filter(Objects::nonNull)
                .flatMap(causes -> Arrays.stream(causes.split(", ")))
                .distinct()
                .limit(MOST_REASONS)
                .collect(Collectors.joining(", "));
        try {
            // A worker without the key drops a signal that it cannot read, and the run would not look.
            var arguments = temporal.encrypts() ? new Object[0] : new Object[] {because};
            temporal.client().newUntypedWorkflowStub(workflowId).signal("lookAgain", arguments);
            return Result.TAKEN;
        } catch (WorkflowNotFoundException ended) {
            return Result.NO_WORKFLOW;
        } catch (RuntimeException unavailable) {
            log.debug("{} cannot be signalled now: {}", workflowId, unavailable.toString());
            return Result.UNAVAILABLE;
        }
    }

    private void settle(Handle handle, List<Waiting> waiting, Map<UUID, Result> results) {
        var now = clock.instant();
        var done = new ArrayList<Long>();
        for (var each : waiting) {
            switch (results.getOrDefault(each.run(), Result.UNAVAILABLE)) {
                case TAKEN -> done.add(each.seq());
                case NO_WORKFLOW -> {
                    // A run that has ended is not touched by this; one that is open gets a workflow again.
                    handle.attach(RunDao.class).checkAt(each.run(), now);
                    done.add(each.seq());
                }
                case UNAVAILABLE ->
                    handle.execute(
                            "update run_signal set attempt = attempt + 1, not_before = ? where seq = ?",
                            now.plus(backOff(each.attempt())),
                            each.seq());
            }
        }
        if (!done.isEmpty()) {
            handle.execute("delete from run_signal where seq = any(?)", (Object) done.toArray(Long[]::new));
        }
    }

    private static Duration backOff(int attempt) {
        var wait = Duration.ofSeconds(1L << Math.min(attempt, 6));
        return wait.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : wait;
    }
}
