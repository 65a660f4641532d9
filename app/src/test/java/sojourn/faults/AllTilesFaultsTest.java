package sojourn.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sojourn.app.sandbox.TemporalProgram;

/**
 * Servers, workers, Temporal and PostgreSQL are killed at random points while people walk a journey with every type of tile:
 * everybody comes to its end, and everything has happened to everybody once.
 *
 * <p>Options as of {@link FaultsTest}.
 */
@Tag("faults")
@EnabledIfSystemProperty(named = "faults.long", matches = "true")
class AllTilesFaultsTest {

    private static final int PEOPLE = 120;

    @TempDir
    Path temporary;

    static LongStream seeds() {
        return FaultsTest.seeds();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatever_dies_every_tile_has_acted_once(long seed) throws Exception {
        var program = TemporalProgram.find();
        assumeTrue(program.isPresent(), "the program `temporal` is not on this machine");
        FaultsTest.say("all tiles, seed " + seed + " (repeat it with -Dfaults.seed=" + seed + ")");
        try (var installation = new Installation(temporary, program.get(), 1, 1);
                var everything = new Everything(installation.temporalAddress());
                var outside = outside(installation);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            installation.mailbox.slow(Duration.ofMillis(FaultsTest.SLOWNESS));
            everything.open(outside);
            var random = new Random(seed);
            var arriving = threads.submit(() -> {
                for (var number = 0; number < PEOPLE; number++) {
                    Everything.person(outside, number);
                    Outside.pause(Duration.ofMillis(random.nextInt(400)));
                }
            });
            FaultsTest.killSome(installation, new Random(seed), new ArrayList<>(), new HashSet<>());
            arriving.get();
            var jdbi = installation.jdbi();
            Shop.await("everybody has entered both journeys", () -> Books.runs(jdbi) == 2 * PEOPLE);
            Shop.await("every run has ended", () -> Books.open(jdbi) == 0);
            Shop.await("nothing is on its way", () -> Books.waiting(jdbi) == 0);
            everything.everythingHappenedOnce(jdbi, PEOPLE, installation.mailbox.mails());
            Everything.figuresAddUp(jdbi);
            Shop.await("no workflow is left", () -> FaultsTest.workflowsLeft(installation.temporalAddress()) == 0);
        }
    }

    private static Outside outside(Installation installation) {
        Outside.awaitReady(installation.urls().getFirst());
        return new Outside(installation.urls(), installation.key());
    }
}
