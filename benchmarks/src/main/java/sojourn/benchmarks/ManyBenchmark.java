package sojourn.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.segments.EngineProbe;

/** Two hundred live segments at once: evaluated together, asked about one contact, kept fresh, and beside ingestion. */
final class ManyBenchmark {

    private static final int ONES = 300;
    private static final Duration LONGEST = Duration.ofMinutes(30);

    private final Options options;
    private final Table table;
    private final Installation installation;
    private final Server server;
    private final Jdbi jdbi;
    private final List<ManySegments> segments;

    ManyBenchmark(Options options, Table table, Installation installation, Server server) {
        this.options = options;
        this.table = table;
        this.installation = installation;
        this.server = server;
        this.jdbi = installation.jdbi();
        this.segments = ManySegments.make(options.number("many", 200));
    }

    void run() throws IOException, InterruptedException, SQLException {
        goLive();
        together();
        oneContact();
        new FreshnessBenchmark(table, server, jdbi, options.number("fresh", 30)).run();
        ingest();
    }

    private void goLive() throws IOException, InterruptedException {
        var there =
                new HashSet<>(jdbi.withHandle(handle -> handle.select("select key from segment where state = 'live'")
                        .mapTo(String.class)
                        .list()));
        for (var segment : segments) {
            if (there.add(segment.key())) {
                server.send(
                        "POST",
                        "/v1/segments",
                        "{\"key\": \"%1$s\", \"name\": \"%1$s\", \"kind\": \"dynamic\", \"timeZone\": \"UTC\", \"query\": \"%2$s\"}"
                                .formatted(segment.key(), segment.query()));
                server.send("POST", "/v1/segments/" + segment.key() + "/go-live", "");
            }
        }
        await("select count(*) from segment where state = 'goingLive'");
        jdbi.useHandle(handle -> handle.execute("vacuum analyze membership"));
    }

    /** All of them at once, against a plain count of each. */
    private void together() throws IOException, InterruptedException {
        var now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        var counts = 0.0;
        for (var segment : segments) {
            var count = Segments.count(jdbi, segment.query(), now);
            counts += Segments.timed(jdbi, count).millis() / 1000;
        }
        var began = System.nanoTime();
        var since = databaseTime();
        server.send("POST", "/v1/segments/evaluate", "");
        await("""
                select count(*) from segment s where s.kind = 'dynamic' and s.state = 'live' and s.key like 'many-%%'
                and not exists (select from evaluation e where e.segment_id = s.id and e.at > '%s')""".formatted(since));
        var took = (System.nanoTime() - began) / 1e9;
        table.add(
                segments.size() + " live segments evaluated together, s, against a count of each",
                "%.1f".formatted(took),
                "%.1f".formatted(counts),
                "%.2f".formatted(took / counts),
                "<= 0.5, < 30 s",
                took <= 0.5 * counts && took < 30);
        System.err.printf("together: %.1f s, counts %.1f s%n", took, counts);
    }

    private Instant databaseTime() {
        return jdbi.withHandle(handle -> handle.createQuery("select clock_timestamp()")
                .mapTo(Instant.class)
                .one());
    }

    /** Everything of a contact loaded and all segments asked, against the loading alone. */
    private void oneContact() {
        var probe = new EngineProbe(jdbi);
        var random = new Random(7);
        var contacts = (int) Segments.contacts(jdbi);
        var whole = new Samples();
        var bare = new Samples();
        var asking = new Samples();
        for (var n = -ONES; n < ONES; n++) {
            var contact = 1L + random.nextInt(contacts);
            var load = bareLoad(contact);
            var one = probe.evaluate(List.of(contact));
            if (n >= 0) {
                bare.add(load);
                whole.add(one.loadMillis() + one.evaluateMillis());
                asking.add(one.evaluateMillis());
            }
        }
        var ratio = whole.median() / bare.median();
        table.add(
                "one contact x " + segments.size() + " segments, ms, against the bare load of its state (medians)",
                "%.2f (asking alone %.2f)".formatted(whole.median(), asking.median()),
                "%.2f".formatted(bare.median()),
                "%.2f".formatted(ratio),
                "<= 3",
                ratio <= 3);
        System.err.printf("one contact: %.2f ms, bare load %.2f%n", whole.median(), bare.median());
    }

    /** What cannot be avoided: the contact, its interactions, its links and its memberships. */
    private double bareLoad(long contact) {
        return jdbi.inTransaction(handle -> {
            var began = System.nanoTime();
            for (var sql : new String[] {
                "select * from contact where id = ?",
                "select contact_id, type_id, occurred_at, properties from interaction where contact_id = ?",
                "select l.relationship_id, p.id, p.attributes from link l join profile p on p.id = l.to_id where l.from_id = ?",
                "select segment_id from membership where contact_id = ?"
            }) {
                handle.select(sql, contact).mapToMap().list();
            }
            return (System.nanoTime() - began) / 1e6;
        });
    }

    private void ingest() throws IOException, InterruptedException, SQLException {
        var loading = new IngestionBenchmark(options, table)
                .compare(installation, server, "ingestion beside " + segments.size() + " live segments")
                .seconds();
        var began = System.nanoTime();
        await("select count(*) from change where consumer = 'segments'");
        var draining = (System.nanoTime() - began) / 1e9;
        table.add(
                "what was left to evaluate then, s, against the time of loading",
                "%.1f".formatted(draining),
                "%.1f".formatted(loading),
                "%.2f".formatted(draining / loading),
                "< 1",
                draining < loading);
    }

    /** Until the query counts nothing; asks by one connection and seldom, so as not to be what is measured. */
    private void await(String query) throws InterruptedException {
        var end = System.nanoTime() + LONGEST.toNanos();
        try (var handle = jdbi.open()) {
            while (handle.createQuery(query).mapTo(Long.class).one() != 0) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("It never came to an end: " + query);
                }
                Thread.sleep(250);
            }
        }
    }
}
