package sojourn.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sojourn.app.sandbox.TemporalProgram;
import sojourn.faults.Halts.Point;

/**
 * Two servers, a worker and PostgreSQL are killed again and again, at any moment and in the middle of what is delicate, while
 * everything that changes segments goes on. After each kill memberships are counted anew from what was sent: they, their
 * history, what was announced of them, jobs and evaluations are exact.
 *
 * <p>{@code -Dfaults.seed} repeats the choices, {@code -Dfaults.kills} says how many, {@code -Dfaults.temporal=memory} takes
 * the Temporal in memory, as is done where there is no other; the Maven profile {@code faults} kills 50 times.
 */
@Tag("faults")
class SegmentFaultsTest {

    private static final List<String> VICTIMS = List.of("server-1", "server-2", "worker-1", "postgres");
    private static final List<String> SETTINGS = List.of("-Ddw.segments.every=15s", "-Ddw.segments.clockEvery=15s");

    private static final int KILLS = Integer.getInteger("faults.kills", Boolean.getBoolean("faults.long") ? 50 : 6);

    @TempDir
    Path temporary;

    @Test
    void whatever_dies_memberships_are_exact() throws Exception {
        var seed = Optional.ofNullable(Long.getLong("faults.seed")).orElseGet(() -> new Random().nextLong(1_000_000));
        say("segments, seed " + seed + " (repeat it with -Dfaults.seed=" + seed + ")");
        var program = "memory".equals(System.getProperty("faults.temporal"))
                ? Optional.<Path>empty()
                : TemporalProgram.find();
        try (var installation = new Installation(temporary, program, 2, 1, SETTINGS)) {
            installation.urls().forEach(Outside::awaitReady);
            var facts = new Facts();
            try (var outside = new Outside(installation.urls(), installation.key());
                    var load = new SegmentLoad(seed)) {
                var halts = new Halts(installation.jdbi());
                halts.install();
                var senders = new FactSenders(outside, facts);
                senders.begin();
                var editors = new Editors(outside, facts);
                editors.begin();
                say("segments are live");
                senders.keepSending(load);
                new MemberSenders(outside, facts, installation.jdbi()).keepSending(load);
                editors.keepWorking(load);
                kill(
                        installation,
                        halts,
                        load,
                        new Recount(installation.jdbi(), facts, outside),
                        facts,
                        new Random(seed));
                say(outside.refused() + " requests sent again");
            }
        }
    }

    private static void kill(
            Installation installation, Halts halts, SegmentLoad load, Recount recount, Facts facts, Random random)
            throws Exception {
        var stored = new Stored(installation.jdbi(), facts);
        for (var kill = 1; kill <= KILLS; kill++) {
            Outside.pause(Duration.ofMillis(300 + random.nextInt(1_500)));
            var victim = choose(halts, random);
            installation.kill(victim.part());
            say("killed " + victim);
            var began = System.nanoTime();
            Outside.pause(Duration.ofMillis(random.nextInt(1_500)));
            installation.release(victim.part());
            Shop.await("PostgreSQL is there", () -> nobodyNeedWait(installation.jdbi()));
            load.whileResting(_ -> {
                var up = seconds(began);
                var counted = recount.run();
                say("%s; after %.1f and %.1f s: %s; %s".formatted(victim, up, seconds(began), counted, stored.check()));
            });
        }
    }

    private record Victim(String part, String where) {}

    private static Victim choose(Halts halts, Random random) {
        // Whoever was killed a moment ago may still be starting; others have its work.
        var there = halts.there(VICTIMS);
        var part = there.get(random.nextInt(there.size()));
        if (random.nextInt(5) == 0) {
            return new Victim(part, "anywhere");
        }
        var points = List.of(Point.values());
        var point = points.get(random.nextInt(points.size()));
        var caught = halts.first(point);
        Outside.pause(Duration.ofMillis(random.nextInt(700)));
        var victim =
                part.equals("postgres") ? part : caught.filter(there::contains).orElse(part);
        return new Victim(victim, caught.isPresent() ? point.toString() : "anywhere, in vain at " + point);
    }

    /** What the dead had in hand may be taken over at once, as it would be when their leases had run out. */
    private static boolean nobodyNeedWait(Jdbi jdbi) {
        return jdbi.withHandle(handle -> {
            handle.execute("update job set leased_until = clock_timestamp() where state = 'running'");
            handle.execute("update idempotent_request set leased_until = clock_timestamp() where status is null");
            return true;
        });
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static void say(String what) {
        System.out.println("faults: " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + what);
    }
}
