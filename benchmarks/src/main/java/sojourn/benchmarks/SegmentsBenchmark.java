package sojourn.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import sojourn.app.sandbox.SandboxTemporal;

/** Everything about segments, over one shop: counting, evaluating one, evaluating many, staying fresh, taking in beside them. */
final class SegmentsBenchmark {

    private final Options options;
    private final Table table;

    SegmentsBenchmark(Options options, Table table) {
        this.options = options;
        this.table = table;
    }

    void run() throws IOException, InterruptedException, SQLException {
        try (var installation = Installation.open("segments", SandboxTemporal.Choice.IN_MEMORY, options.is("reuse"))) {
            var jdbi = installation.jdbi();
            if (!installation.reused()) {
                new ShopData(options.number("contacts", 200_000), options.number("interactions", 2_000_000))
                        .fill(installation.serve(), jdbi);
            }
            if (options.runs("segments")) {
                // Nothing but full evaluations: changes and the clock are followed here, where they can be timed.
                var server = installation.serve("-Xmx1g", "-Ddw.segments.loops=0");
                new DifferencesBenchmark(table, server, jdbi).run(new CountsBenchmark(options, table, jdbi).run());
            }
            if (options.runs("many")) {
                new ManyBenchmark(options, table, installation, installation.serve("-Xmx1g")).run();
            }
        }
    }
}
