package sojourn.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Outside systems and people who do all there is to do with segments, all at once, again and again. Each thing they begin
 * they bring to its end, whatever dies meanwhile, by asking again; they can be made to rest between two things.
 */
final class SegmentLoad implements AutoCloseable {

    /** Something that is done from its beginning to its end. */
    @FunctionalInterface
    interface Doing {
        void run(Random random) throws Exception;
    }

    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock(true);
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final long seed;
    private volatile boolean over;

    SegmentLoad(long seed) {
        this.seed = seed;
    }

    /** Has something done over and over, with pauses of at most so long. */
    void keepDoing(String name, Duration pause, Doing doing) {
        var random = new Random(seed * 31 + threads.size());
        threads.add(Thread.ofVirtual().name(name).start(() -> {
            while (!over) {
                gate.readLock().lock();
                try {
                    if (!over) {
                        doing.run(random);
                    }
                } catch (Throwable failure) {
                    failures.add(new AssertionError("While " + name, failure));
                    return;
                } finally {
                    gate.readLock().unlock();
                }
                Outside.pause(Duration.ofMillis(random.nextLong(pause.toMillis())));
            }
        }));
    }

    /** Lets everybody end what they do, and does something while they rest. */
    void whileResting(Doing doing) throws Exception {
        gate.writeLock().lock();
        try {
            assertThat(failures).isEmpty();
            doing.run(new Random(seed));
        } finally {
            gate.writeLock().unlock();
        }
    }

    @Override
    public void close() {
        over = true;
        threads.forEach(Thread::interrupt);
    }
}
