package sojourn.app.delivery;

import java.util.concurrent.TimeUnit;

/** Lets callers through at a steady rate, without bursts. */
final class Pace {

    private final long nanosBetween;
    private long next = System.nanoTime();

    Pace(double perSecond) {
        this.nanosBetween = (long) (TimeUnit.SECONDS.toNanos(1) / perSecond);
    }

    void await() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(claim());
    }

    private synchronized long claim() {
        var now = System.nanoTime();
        var mine = Math.max(next, now);
        next = mine + nanosBetween;
        return mine - now;
    }
}
