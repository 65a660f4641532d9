package sojourn.benchmarks;

import ch.qos.logback.classic.Level;
import io.dropwizard.logging.common.BootstrapLogging;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Runs the benchmarks and prints their table. */
public final class Benchmarks {

    private Benchmarks() {}

    public static void main(String[] arguments) {
        if (List.of(arguments).contains("help")) {
            System.out.println(Options.HELP);
            return;
        }
        BootstrapLogging.bootstrap(Level.WARN);
        java.util.logging.LogManager.getLogManager().getLogger("").setLevel(java.util.logging.Level.WARNING);
        // What is embedded leaves threads behind that would keep a failed run alive for ever.
        var status = 1;
        try {
            run(new Options(arguments));
            status = 0;
        } catch (Exception failure) {
            LoggerFactory.getLogger(Benchmarks.class).error("the benchmarks failed", failure);
        }
        System.exit(status);
    }

    private static void run(Options options) throws Exception {
        var table = new Table();
        if (options.runs("ingestion")) {
            new IngestionBenchmark(options, table).run();
        }
        if (options.runs("import")) {
            new ImportBenchmark(options, table).run();
        }
        if (options.runs("segments") || options.runs("many")) {
            new SegmentsBenchmark(options, table).run();
        }
        if (options.runs("journeys") || options.runs("latency")) {
            new JourneysBenchmark(options, table).run();
        }
        if (options.runs("crowd")) {
            new CrowdBenchmark(options, table).run();
        }
        if (options.runs("beside")) {
            new BesideBenchmark(options, table).run();
        }
        if (options.runs("rate")) {
            new RateBenchmark(table).run();
        }
        if (options.runs("insights")) {
            new InsightsBenchmark(options, table).run();
        }
        System.out.println();
        System.out.println(table);
    }
}
