package sojourn.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import sojourn.app.sandbox.SandboxTemporal;

/** Whether a channel hands over no faster than its limit says: by two processes on a real Temporal, by one in memory. */
final class RateBenchmark {

    private static final int A_SECOND = 20;
    private static final int EMAILS = 400;

    /** What a limiter may let through at once when nothing went out before. */
    private static final int AT_ONCE = A_SECOND;

    private final Table table;

    RateBenchmark(Table table) {
        this.table = table;
    }

    void run() throws IOException, InterruptedException {
        run(SandboxTemporal.Choice.AUTO, 2);
        run(SandboxTemporal.Choice.IN_MEMORY, 1);
    }

    private void run(SandboxTemporal.Choice temporal, int processes) throws IOException, InterruptedException {
        var limit = "-Ddw.smtp.ratePerSecond=" + A_SECOND;
        try (var installation = Installation.open("rate", temporal)) {
            var where = installation.sandbox().temporal().uiUrl().isPresent() ? "dev server" : "in-memory server";
            var journeys = new Journeys(installation.jdbi(), installation.serve("-Xmx384m", limit));
            journeys.server().send("POST", "/v1/messages", """
                    {"key": "news", "channel": "email", "purpose": "commercial", "from": "Shop <shop@example.com>",
                     "subject": "News", "html": "<p>News</p>"}""");
            journeys.server().send("POST", "/v1/messages/news/go-live", "");
            journeys.makeAudience("news");
            journeys.goLive("news", """
                    "start": "news", "tiles": {"news": {"type": "email", "message": "news", "next": null}}""");
            if (processes == 2) {
                try (var _ = installation.another("-Xmx384m", limit)) {
                    send(installation, journeys, "two processes, " + where);
                }
            } else {
                send(installation, journeys, "one process, " + where);
            }
        }
    }

    private void send(Installation installation, Journeys journeys, String how)
            throws IOException, InterruptedException {
        journeys.join("news", journeys.contacts(EMAILS));
        journeys.await("select count(*) from delivery where state = 'sent'", EMAILS);
        var span = installation
                .jdbi()
                .withHandle(handle -> handle.select(
                                "select min(ended_at), max(ended_at) from delivery where state = 'sent'")
                        .map((row, _) -> Duration.between(
                                                row.getObject(1, OffsetDateTime.class),
                                                row.getObject(2, OffsetDateTime.class))
                                        .toNanos()
                                / 1e9)
                        .one());
        var busiest = journeys.count("""
                select max(within) from (select count(*) over (order by ended_at range between interval '0' following
                                                               and interval '1 second' following) as within
                                         from delivery where state = 'sent') as seconds
                """);
        table.add(
                "emails handed over a second, limit %d, %s; most in any second".formatted(A_SECOND, how),
                "%.1f; %d".formatted(EMAILS / span, busiest),
                "",
                "%.2f".formatted(EMAILS / span / A_SECOND),
                "<= 1 but for what goes at once",
                (EMAILS - AT_ONCE) / span <= A_SECOND * 1.02);
    }
}
