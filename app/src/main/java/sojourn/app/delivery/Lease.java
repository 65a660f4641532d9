package sojourn.app.delivery;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a delivery ours while it is handed over: renews its lease and heartbeats, until closed. */
final class Lease implements AutoCloseable {

    static final Duration LENGTH = Duration.ofSeconds(20);

    private static final Logger log = LoggerFactory.getLogger(Lease.class);
    private static final Duration RENEWAL = Duration.ofSeconds(5);

    private final CountDownLatch closed;

    private Lease(CountDownLatch closed) {
        this.closed = closed;
    }

    static Lease keep(Jdbi jdbi, InstantSource clock, Delivery delivery, Attempt attempt) {
        var closed = new CountDownLatch(1);
        Thread.ofVirtual().name("lease-" + delivery.id()).start(() -> {
            while (stillOpen(closed)) {
                renew(jdbi, clock, delivery, attempt);
            }
        });
        return new Lease(closed);
    }

    private static boolean stillOpen(CountDownLatch closed) {
        try {
            return !closed.await(RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            return false;
        }
    }

    private static void renew(Jdbi jdbi, InstantSource clock, Delivery delivery, Attempt attempt) {
        try {
            jdbi.withHandle(handle ->
                    new DeliveryRows(handle).renew(delivery, clock.instant().plus(LENGTH)));
        } catch (RuntimeException failure) {
            log.warn("the lease of delivery {} could not be renewed: {}", delivery.id(), failure.toString());
        }
        try {
            attempt.heartbeat();
        } catch (RuntimeException cancelled) {
            // What is being handed over cannot be called back; the last look comes before, the guard after.
            log.debug("delivery {} is no longer wanted while it is handed over", delivery.id());
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
