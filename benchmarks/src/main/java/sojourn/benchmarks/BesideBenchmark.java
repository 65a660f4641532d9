package sojourn.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import sojourn.app.sandbox.SandboxTemporal;

/** Whether interactions that no run waits for come in as fast beside live journeys and their open runs as without. */
final class BesideBenchmark {

    private static final String WAITING = """
            "exit": {"interactions": [{"type": "FormSubmitted"}]}, "start": "waits", "tiles": {
               "waits": {"type": "ifThen", "timeLimit": "P1D", "otherwise": null, "branches": [
                 {"name": "came", "when": [{"interaction": {"type": "WebsiteVisited"}}], "next": null}]}}""";

    private final Options options;
    private final Table table;

    BesideBenchmark(Options options, Table table) {
        this.options = options;
        this.table = table;
    }

    void run() throws IOException, InterruptedException, SQLException {
        var runs = options.number("beside", 5000);
        try (var installation = Installation.open("beside", SandboxTemporal.Choice.IN_MEMORY)) {
            var server = installation.serve("-Xmx512m");
            var ingestion = new IngestionBenchmark(options, table);
            ingestion.prepare(installation, server);
            var alone = ingestion.compare(installation, server, "ingestion without journeys");
            var journeys = new Journeys(installation.jdbi(), server);
            journeys.makeAudience("waiting");
            installation.jdbi().useHandle(handle -> handle.execute("""
                    insert into membership (segment_id, contact_id, joined_at)
                    select s.id, c.id, now() from segment s, contact c
                    where s.key = 'audience-waiting' and c.id <= ?
                    """, runs));
            journeys.goLive("waiting", WAITING);
            journeys.await("select count(*) from run where status = 'active' and tile = 'waits'", runs);
            var beside = ingestion.compare(
                    installation, server, "ingestion beside %d open runs that wait for else".formatted(runs));
            var ratio = beside.ratio() / alone.ratio();
            var signals = journeys.count("select count(*) from run_signal");
            table.add(
                    "the latter against the former, and signals that it cost",
                    "%.2f, %d".formatted(beside.ratio(), signals),
                    "%.2f".formatted(alone.ratio()),
                    "%.2f".formatted(ratio),
                    ">= 0.8, none",
                    ratio >= 0.8 && signals == 0);
        }
    }
}
