package sojourn.benchmarks;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import sojourn.app.sandbox.SandboxTemporal;

/**
 * Whole journeys through the product, emails over SMTP and all, against hand-written workflows with empty activities on
 * the same Temporal; and how long an interaction takes to carry a waiting contact on.
 */
final class JourneysBenchmark {

    private static final int HISTORIES = 9;

    private static final String WAITING = """
            "start": "waits", "tiles": {
               "waits": {"type": "ifThen", "timeLimit": "P1D", "otherwise": null, "branches": [
                 {"name": "bought", "when": [{"interaction": {"type": "Purchase"}}], "next": "next"}]},
               "next": {"type": "attributeBranch", "otherwise": "rest", "branches": [
                 {"name": "ada", "when": "firstName == 'Ada'", "next": "rest"}]},
               "rest": {"type": "waitFor", "duration": "P1D", "next": null}}""";

    private final Options options;
    private final Table table;

    JourneysBenchmark(Options options, Table table) {
        this.options = options;
        this.table = table;
    }

    void run() throws IOException, InterruptedException, ExecutionException {
        try (var installation = Installation.open("journeys", SandboxTemporal.Choice.AUTO);
                var bare = new BareTemporal(installation.sandbox().temporal().address())) {
            var where = installation.sandbox().temporal().uiUrl().isPresent() ? "dev server" : "in-memory server";
            var server = installation.serve("-Xmx512m");
            server.send(
                    "POST",
                    "/v1/interaction-types",
                    "{\"key\": \"Purchase\", \"properties\": {\"amount\": \"number\"}}");
            server.send("POST", "/v1/messages", """
                    {"key": "news", "channel": "email", "purpose": "commercial", "from": "Shop <shop@example.com>",
                     "subject": "News for {{ contact.firstName | default: 'you' }}",
                     "html": "<p>Hello, <a href=\\"https://shop.example.com/new\\">see what is new</a></p>"}""");
            server.send("POST", "/v1/messages/news/go-live", "");
            var journeys = new Journeys(installation.jdbi(), server);
            journeys.makeAudience("eight");
            journeys.goLive("eight", Journeys.eightTiles("PT1S"));
            journeys.makeAudience("waiting");
            journeys.goLive("waiting", WAITING);
            if (options.runs("journeys")) {
                throughput(journeys, bare, where);
            }
            if (options.runs("latency")) {
                latency(journeys, bare, where);
            }
        }
    }

    private void throughput(Journeys journeys, BareTemporal bare, String where)
            throws IOException, InterruptedException, ExecutionException {
        var count = options.number("journeys", 200);
        var rounds = options.number("journeyRounds", 5);
        var ours = new Samples();
        var theirs = new Samples();
        for (var round = -1; round < rounds; round++) {
            var size = round < 0 ? 50 : count;
            var mine = ours(journeys, size);
            var others = bare(bare, "bare-" + round + "-", size);
            System.err.printf("journeys %d: ours %.1f/s, bare %.1f/s%n", round, mine, others);
            if (round >= 0) {
                ours.add(mine);
                theirs.add(others);
            }
        }
        var ratio = ours.median() / theirs.median();
        table.add(
                "journeys of 8 tiles a second, " + where + " (median of " + rounds + ")",
                "%.1f".formatted(ours.median()),
                "%.1f".formatted(theirs.median()),
                "%.2f (best %.2f)".formatted(ratio, ours.most() / theirs.most()),
                ">= 0.6",
                ratio >= 0.6);
        histories(journeys, bare);
    }

    private static double ours(Journeys journeys, int size) throws IOException, InterruptedException {
        var completed = "select count(*) from run where status = 'completed'";
        var before = journeys.count(completed);
        var contacts = journeys.contacts(size);
        var began = System.nanoTime();
        journeys.join("eight", contacts);
        journeys.await(completed, before + size);
        return size / ((System.nanoTime() - began) / 1e9);
    }

    private static double bare(BareTemporal bare, String prefix, int size)
            throws InterruptedException, ExecutionException {
        var began = System.nanoTime();
        BareTemporal.forEach(size, number -> bare.startJourney(prefix + number));
        BareTemporal.forEach(size, number -> bare.awaitEnd(prefix + number));
        return size / ((System.nanoTime() - began) / 1e9);
    }

    /** Of journeys that nothing hurries: where work is slow, a wait may be over before it begins, and takes no timer. */
    private void histories(Journeys journeys, BareTemporal bare)
            throws IOException, InterruptedException, ExecutionException {
        var ours = new Samples();
        var theirs = new Samples();
        for (var number = 0; number < HISTORIES; number++) {
            ours(journeys, 1);
            var run = journeys.server()
                    .get("/v1/journeys/eight/runs?contact=external:" + journeys.latest())
                    .at("/items/0/workflowId");
            ours.add(bare.events(run.asText()));
            bare(bare, "bare-history-" + number + "-", 1);
            theirs.add(bare.events("bare-history-" + number + "-0"));
        }
        var ratio = ours.median() / theirs.median();
        table.add(
                "history events of the 8 tiles (median of " + HISTORIES + ")",
                "%.0f".formatted(ours.median()),
                "%.0f".formatted(theirs.median()),
                "%.2f".formatted(ratio),
                "<= 1.15",
                ratio <= 1.15);
    }

    private void latency(Journeys journeys, BareTemporal bare, String where)
            throws IOException, InterruptedException, ExecutionException {
        var size = options.number("signals", 400);
        var contacts = journeys.contacts(size);
        journeys.join("waiting", contacts);
        journeys.await("select count(*) from run where tile = 'waits' and instruction is not null", size);
        var rate = signalRate(bare, size) / 2;
        var accepted = Journeys.evenly(
                contacts,
                rate,
                contact -> journeys.server()
                        .send(
                                "POST",
                                "/v1/interactions",
                                "{\"id\": \"wakes-%s\", \"type\": \"Purchase\", \"contact\": \"external:%s\"}"
                                        .formatted(contact, contact)));
        journeys.await("select count(*) from tile_visit where tile = 'next' and left_at is not null", size);
        var latencies = journeys.since(accepted, """
                select c.external_id, v.left_at from tile_visit v join contact c on c.id = v.contact_id where v.tile = 'next'
                """);
        table.add(
                "accepted interaction to next tile done, ms, at %.0f/s = half of the bare signal rate, %s (p50, p95, p99)"
                        .formatted(rate, where),
                "%.0f, %.0f, %.0f"
                        .formatted(latencies.percentile(50), latencies.percentile(95), latencies.percentile(99)),
                "%.0f signals/s".formatted(2 * rate),
                "",
                "p95 < 1000",
                latencies.percentile(95) < 1000);
    }

    /** Signals a second that wake hand-written workflows, up to their end. */
    private static double signalRate(BareTemporal bare, int size) throws InterruptedException, ExecutionException {
        BareTemporal.forEach(size, number -> bare.startWaiting("waiting-" + number));
        while (BareJourneyImpl.WaitingImpl.WAITING.get() < size) {
            Thread.sleep(50);
        }
        Thread.sleep(1000);
        var began = System.nanoTime();
        BareTemporal.forEach(size, number -> bare.wake("waiting-" + number));
        BareTemporal.forEach(size, number -> bare.awaitEnd("waiting-" + number));
        return size / ((System.nanoTime() - began) / 1e9);
    }
}
