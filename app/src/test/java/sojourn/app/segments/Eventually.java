package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what becomes so by itself. */
final class Eventually {

    private Eventually() {}

    static void holds(BooleanSupplier condition) throws InterruptedException {
        for (var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30); !condition.getAsBoolean(); ) {
            assertThat(System.nanoTime()).as("waited long enough").isLessThan(end);
            Thread.sleep(30);
        }
    }
}
