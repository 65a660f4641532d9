package sojourn.app.delivery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.contacts.Changes;
import sojourn.app.interactions.OwnInteractions;
import sojourn.app.interactions.OwnInteractions.Own;
import sojourn.app.platform.Loop;
import sojourn.app.platform.Transactions;

/**
 * Records opens and clicks: before the answer when the database is quick, behind it when it is not. A person who clicks
 * never waits long and never sees our trouble.
 */
final class Recorder {

    private static final Logger log = LoggerFactory.getLogger(Recorder.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int MAX_WAITING = 10_000;

    private final Jdbi jdbi;
    private final OwnInteractions interactions;
    private final Changes changes;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<Function<Handle, List<Own>>> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Loop later = new Loop("tracking", Duration.ofSeconds(1), this::recordWaiting);

    Recorder(Jdbi jdbi, OwnInteractions interactions, Changes changes) {
        this.jdbi = jdbi;
        this.interactions = interactions;
        this.changes = changes;
    }

    /** What is tried again when the database cannot be reached. */
    Loop loop() {
        return later;
    }

    void record(Function<Handle, List<Own>> facts) {
        var recording = threads.submit(() -> {
            try {
                write(facts);
            } catch (RuntimeException failure) {
                if (waiting.offer(facts)) {
                    log.warn("an open or click waits for the database: {}", failure.toString());
                } else {
                    log.error("an open or click is lost, {} others wait for the database", MAX_WAITING);
                }
            }
        });
        try {
            recording.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            log.debug("an open or click is recorded behind its answer");
        } catch (ExecutionException unexpected) {
            log.warn("an open or click could not be recorded", unexpected);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Function<Handle, List<Own>> facts) {
        var recorded = Transactions.in(jdbi, handle -> {
            var found = facts.apply(handle);
            interactions.record(handle, found);
            return !found.isEmpty();
        });
        if (recorded) {
            changes.kick();
        }
    }

    private boolean recordWaiting() {
        var next = waiting.peek();
        if (next == null) {
            return false;
        }
        write(next);
        waiting.remove(next);
        return true;
    }
}
