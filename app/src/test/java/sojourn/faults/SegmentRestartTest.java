package sojourn.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sojourn.app.sandbox.TemporalProgram;
import sojourn.faults.Halts.Point;

/** What is due, or being done, when the only worker dies is done soon after it is there again, whatever Temporal it has. */
@Tag("faults")
class SegmentRestartTest {

    private static final String WORKER = "worker-1";

    /** From when the worker asks Temporal for work. Seconds, where the machine has nothing else to do; never for ever. */
    private static final Duration SOON = Duration.ofMinutes(2);

    @TempDir
    Path temporary;

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"in memory", "real"})
    void a_segment_that_is_due_at_a_restart_is_evaluated_soon(String temporal) throws Exception {
        var program = temporal.equals("real") ? TemporalProgram.find() : Optional.<Path>empty();
        assumeTrue(
                temporal.equals("in memory") || program.isPresent(), "the program `temporal` is not on this machine");
        try (var installation = new Installation(temporary, program, 1, 1, List.of())) {
            Outside.awaitReady(installation.urls().getFirst());
            var jdbi = installation.jdbi();
            try (var outside = new Outside(installation.urls(), installation.key())) {
                outside.insist("POST", "/v1/segments", """
                        {"key": "everybody", "name": "Everybody", "kind": "dynamic", "query": "PROFILE(contact)"}
                        """);
                outside.insist("POST", "/v1/segments/everybody/go-live", "");
                Shop.await("the segment is live", () -> evaluations(jdbi) == 1);
                var halts = new Halts(jdbi);
                halts.install();

                for (var round = 0; round < 2; round++) {
                    installation.kill(WORKER);
                    var before = evaluations(jdbi);
                    outside.insist("POST", "/v1/segments/everybody/evaluate", "");
                    isEvaluatedSoonAfterRestart(installation, jdbi, before, temporal + ", due while away");

                    var again = evaluations(jdbi);
                    outside.insist("POST", "/v1/segments/everybody/evaluate", "");
                    assertThat(halts.first(Point.FULL_EVALUATION)).contains(WORKER);
                    installation.kill(WORKER);
                    isEvaluatedSoonAfterRestart(installation, jdbi, again, temporal + ", killed while at it");
                }
            }
        }
    }

    private static void isEvaluatedSoonAfterRestart(Installation installation, Jdbi jdbi, long before, String what) {
        var starts = starts(installation);
        installation.release(WORKER);
        Shop.await("the worker is there", () -> starts(installation) > starts);
        var up = System.nanoTime();
        Shop.await("the segment is evaluated", () -> evaluations(jdbi) > before);
        var took = Duration.ofNanos(System.nanoTime() - up);
        System.out.println("faults: " + what + ": evaluated " + took.toMillis() + " ms after the worker was there");
        assertThat(took).as(what).isLessThan(SOON);
    }

    private static long starts(Installation installation) {
        try (var lines = Files.lines(installation.log(WORKER))) {
            return lines.filter(line -> line.contains("workers poll the task queues"))
                    .count();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static long evaluations(Jdbi jdbi) {
        return jdbi.withHandle(handle -> handle.select("select count(*) from evaluation")
                .mapTo(Long.class)
                .one());
    }
}
