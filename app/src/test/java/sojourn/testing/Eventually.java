package sojourn.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what becomes so by itself, for as long as a busy machine may take. */
public final class Eventually {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(30);

    private Eventually() {}

    public static void holds(BooleanSupplier condition) {
        holds("it became so", condition);
    }

    /** The same; {@code what} is said when it never holds. */
    public static void holds(String what, BooleanSupplier condition) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
