package sojourn.benchmarks;

import ch.qos.logback.classic.Level;
import io.dropwizard.logging.common.BootstrapLogging;
import java.util.List;

/** Runs the benchmarks and prints their table. */
public final class Benchmarks {

    private Benchmarks() {}

    public static void main(String[] arguments) throws Exception {
        if (List.of(arguments).contains("help")) {
            System.out.println(Options.HELP);
            return;
        }
        BootstrapLogging.bootstrap(Level.WARN);
        java.util.logging.LogManager.getLogManager().getLogger("").setLevel(java.util.logging.Level.WARNING);
        var options = new Options(arguments);
        var table = new Table();
        if (options.runs("ingestion")) {
            new IngestionBenchmark(options, table).run();
        }
        if (options.runs("segments")) {
            new SegmentsBenchmark(options, table).run();
        }
        if (options.runs("journeys") || options.runs("latency")) {
            new JourneysBenchmark(options, table).run();
        }
        System.out.println();
        System.out.println(table);
        System.exit(0);
    }
}
