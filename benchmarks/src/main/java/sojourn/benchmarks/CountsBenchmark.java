package sojourn.benchmarks;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.segments.language.Sql;

/** Counts the ten reference segments as the product compiles them, against what a person would write by hand. */
final class CountsBenchmark {

    private final Options options;
    private final Table table;
    private final Jdbi jdbi;

    CountsBenchmark(Options options, Table table, Jdbi jdbi) {
        this.options = options;
        this.table = table;
        this.jdbi = jdbi;
    }

    /** The least time that each count took, in milliseconds, by the reference's key. */
    Map<String, Double> run() {
        var rounds = options.number("rounds", 7);
        var ratios = new Samples();
        var least = new HashMap<String, Double>();
        var now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        for (var reference : Reference.all(jdbi, now)) {
            var ours = new Samples();
            var bare = new Samples();
            measure(reference, now, rounds, ours, bare);
            var ratio = ours.least() / bare.least();
            ratios.add(ratio);
            least.put(reference.key(), ours.least());
            table.note(
                    reference.name() + ", ms (least of " + rounds + ")",
                    "%.1f".formatted(ours.least()),
                    "%.1f".formatted(bare.least()),
                    "%.2f".formatted(ratio));
        }
        table.add(
                "ten segments: median and worst ratio to SQL by hand",
                "",
                "",
                "%.2f, %.2f".formatted(ratios.median(), ratios.most()),
                "<= 1.15, none > 1.5",
                ratios.median() <= 1.15 && ratios.most() <= 1.5);
        return least;
    }

    private void measure(Reference reference, Instant now, int rounds, Samples ours, Samples bare) {
        var compiled = Segments.count(jdbi, reference.query(), now);
        var byHand = new Sql(
                "select count(*) from contact c " + reference.joins() + " where c.state <> 'erased' and "
                        + reference.where(),
                List.of());
        for (var round = -1; round < rounds; round++) {
            var mine = Segments.timed(jdbi, compiled);
            var other = Segments.timed(jdbi, byHand);
            if (mine.count() != other.count()) {
                throw new IllegalStateException(
                        reference.name() + " by hand means something else: " + mine.count() + " and " + other.count());
            }
            if (round >= 0) {
                ours.add(mine.millis());
                bare.add(other.millis());
            }
        }
        System.err.printf("%s: %.1f ms, by hand %.1f%n", reference.name(), ours.least(), bare.least());
    }
}
