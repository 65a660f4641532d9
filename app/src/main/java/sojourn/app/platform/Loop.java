package sojourn.app.platform;

import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that is done over and over on a virtual thread: at once when kicked, else every {@code interval}, since a kick
 * reaches only its own process and may be lost. A failure is tried again, waiting twice as long each time up to five
 * seconds, so that after an outage everything goes on at once: what a loop works on is in the database, so nothing is
 * lost meanwhile. The log tells of the first failures and then of ever fewer.
 *
 * <p>A loop may be told to rest between rounds: then kicks that come in a burst are answered together, the first at once.
 */
public final class Loop implements Managed {

    /** One round of a loop. */
    @FunctionalInterface
    public interface Work {
        /** Does a bounded piece of work and says whether there may be more to do at once. */
        boolean run() throws Exception;
    }

    private static final Logger log = LoggerFactory.getLogger(Loop.class);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(5);

    private final String name;
    private final Duration interval;
    private final Work work;
    private final Semaphore kicks = new Semaphore(0);
    private Duration rest = Duration.ZERO;
    private volatile boolean stopping;
    private @Nullable Thread thread;

    public Loop(String name, Duration interval, Work work) {
        this.name = name;
        this.interval = interval;
        this.work = work;
    }

    /** Lets so much time pass at least from the beginning of one round to that of the next. */
    public Loop resting(Duration time) {
        rest = time;
        return this;
    }

    /** Says that there is something to do. Cheap, from any thread. */
    public void kick() {
        if (kicks.availablePermits() == 0) {
            kicks.release();
        }
    }

    @Override
    public synchronized void start() {
        stopping = false;
        thread = Thread.ofVirtual().name("loop-" + name).start(this::runUntilStopped);
    }

    /** Lets the round that is running finish. */
    @Override
    public synchronized void stop() throws InterruptedException {
        stopping = true;
        kicks.release();
        if (thread != null && !thread.join(Duration.ofSeconds(20))) {
            thread.interrupt();
            thread.join();
        }
    }

    private void runUntilStopped() {
        var failures = 0;
        while (!stopping) {
            try {
                kicks.drainPermits();
                var began = System.nanoTime();
                var more = work.run();
                failures = 0;
                if (!more) {
                    pause(interval);
                }
                rest(began);
            } catch (InterruptedException stopped) {
                return;
            } catch (Throwable failure) {
                // Also what is no exception, such as memory that ran out: a loop that ends would be missed by nobody.
                failures++;
                if (Integer.bitCount(failures) == 1) {
                    log.warn("{} failed, attempt {}: {}", name, failures, failure.toString());
                }
                log.debug("{} failed", name, failure);
                try {
                    pause(backOff(failures));
                } catch (InterruptedException stopped) {
                    return;
                }
            }
        }
    }

    private void pause(Duration time) throws InterruptedException {
        if (!stopping && kicks.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS)) {
            kicks.drainPermits();
        }
    }

    private void rest(long began) throws InterruptedException {
        var left = rest.toNanos() - (System.nanoTime() - began);
        if (!stopping && left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }

    private static Duration backOff(int failures) {
        var wait = Duration.ofMillis(100L << Math.min(failures, 6));
        return wait.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : wait;
    }
}
