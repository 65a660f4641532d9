package sojourn.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.sandbox.SandboxTemporal;

/**
 * Whole journeys through the product, emails over SMTP and all, against hand-written workflows with empty activities on
 * the same Temporal; and how long an interaction takes to carry a waiting contact on.
 */
final class JourneysBenchmark {

    private static final int HISTORIES = 9;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Eight tiles, three of them sends and three waits. */
    private static final String EIGHT_TILES = """
            {"audience": {"segments": ["audience-eight"]}, "start": "first", "tiles": {
               "first": {"type": "email", "message": "news", "next": "one"},
               "one": {"type": "waitFor", "duration": "PT1S", "next": "second"},
               "second": {"type": "email", "message": "news", "next": "who"},
               "who": {"type": "attributeBranch", "otherwise": "two", "branches": [
                 {"name": "ada", "when": "firstName == 'Ada'", "next": "two"}]},
               "two": {"type": "waitFor", "duration": "PT1S", "next": "third"},
               "third": {"type": "email", "message": "news", "next": "three"},
               "three": {"type": "waitFor", "duration": "PT1S", "next": "bye"},
               "bye": {"type": "end", "outcome": "done"}}}""";

    private static final String WAITING = """
            {"audience": {"segments": ["audience-waiting"]}, "start": "waits", "tiles": {
               "waits": {"type": "ifThen", "timeLimit": "P1D", "otherwise": null, "branches": [
                 {"name": "bought", "when": [{"interaction": {"type": "Purchase"}}], "next": "next"}]},
               "next": {"type": "attributeBranch", "otherwise": "rest", "branches": [
                 {"name": "ada", "when": "firstName == 'Ada'", "next": "rest"}]},
               "rest": {"type": "waitFor", "duration": "P1D", "next": null}}}""";

    private final Options options;
    private final Table table;
    private int made;

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
            goLive(server, "eight", EIGHT_TILES);
            goLive(server, "waiting", WAITING);
            if (options.runs("journeys")) {
                throughput(installation.jdbi(), server, bare, where);
            }
            if (options.runs("latency")) {
                latency(installation.jdbi(), server, bare, where);
            }
        }
    }

    private static void goLive(Server server, String journey, String document)
            throws IOException, InterruptedException {
        var audience = "audience-" + journey;
        server.send(
                "POST",
                "/v1/segments",
                "{\"key\": \"%s\", \"name\": \"%s\", \"kind\": \"static\", \"timeZone\": \"UTC\"}"
                        .formatted(audience, audience));
        server.send("POST", "/v1/segments/" + audience + "/go-live", "");
        server.send("POST", "/v1/journeys", "{\"key\": \"%s\", \"document\": %s}".formatted(journey, document));
        server.send("POST", "/v1/journeys/" + journey + "/go-live", "");
        while (!"live"
                .equals(server.get("/v1/journeys/" + journey).path("state").asText())) {
            Thread.sleep(100);
        }
    }

    private void throughput(Jdbi jdbi, Server server, BareTemporal bare, String where)
            throws IOException, InterruptedException, ExecutionException {
        var count = options.number("journeys", 200);
        var rounds = options.number("journeyRounds", 5);
        var ours = new Samples();
        var theirs = new Samples();
        for (var round = -1; round < rounds; round++) {
            var size = round < 0 ? 50 : count;
            var mine = ours(jdbi, server, size);
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
                ">= 0.5",
                ratio >= 0.5);
        histories(jdbi, server, bare);
    }

    private double ours(Jdbi jdbi, Server server, int size) throws IOException, InterruptedException {
        var before = count(jdbi, "select count(*) from run where status = 'completed'");
        var contacts = contacts(jdbi, size);
        var began = System.nanoTime();
        join(server, "audience-eight", contacts);
        await(jdbi, "select count(*) from run where status = 'completed'", before + size);
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
    private void histories(Jdbi jdbi, Server server, BareTemporal bare)
            throws IOException, InterruptedException, ExecutionException {
        var ours = new Samples();
        var theirs = new Samples();
        for (var number = 0; number < HISTORIES; number++) {
            var contact = "c" + made;
            ours(jdbi, server, 1);
            var run = server.get("/v1/journeys/eight/runs?contact=external:" + contact)
                    .at("/items/0/workflowId");
            ours.add(bare.events(run.asText()));
            bare(bare, "bare-history-" + number + "-", 1);
            theirs.add(bare.events("bare-history-" + number + "-0"));
        }
        table.add(
                "history events of the 8 tiles (median of " + HISTORIES + ")",
                "%.0f".formatted(ours.median()),
                "%.0f".formatted(theirs.median()),
                "%+.0f".formatted(ours.median() - theirs.median()),
                "at most 4 more",
                ours.median() <= theirs.median() + 4);
    }

    private void latency(Jdbi jdbi, Server server, BareTemporal bare, String where)
            throws IOException, InterruptedException, ExecutionException {
        var size = options.number("signals", 400);
        var contacts = contacts(jdbi, size);
        var waiting = "select count(*) from run where tile = 'waits' and instruction is not null";
        join(server, "audience-waiting", contacts);
        await(jdbi, waiting, size);
        var rate = signalRate(bare, size) / 2;
        var accepted = buy(server, contacts, rate);
        await(jdbi, "select count(*) from tile_visit where tile = 'next' and left_at is not null", size);
        var latencies = new Samples();
        left(jdbi).forEach((contact, at) -> latencies.add(millis(accepted.getOrDefault(contact, at), at)));
        table.note(
                "accepted interaction to next tile done, ms, at %.0f/s = half of the bare signal rate, %s (p50, p95, p99)"
                        .formatted(rate, where),
                "%.0f, %.0f, %.0f"
                        .formatted(latencies.percentile(50), latencies.percentile(95), latencies.percentile(99)),
                "%.0f signals/s".formatted(2 * rate),
                "");
    }

    /** None when the next tile was done before the answer had arrived. */
    private static double millis(Instant accepted, Instant done) {
        return Math.max(0, Duration.between(accepted, done).toNanos() / 1e6);
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

    /** Sends one interaction for each contact at an even rate; when each was answered. */
    private static Map<String, Instant> buy(Server server, List<String> contacts, double rate)
            throws InterruptedException, ExecutionException {
        var accepted = new ConcurrentHashMap<String, Instant>();
        var began = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var sending = new ArrayList<Future<?>>();
            for (var number = 0; number < contacts.size(); number++) {
                var due = began + (long) (number * 1e9 / rate);
                LockSupport.parkNanos(due - System.nanoTime());
                var contact = contacts.get(number);
                sending.add(threads.submit(() -> {
                    server.send(
                            "POST",
                            "/v1/interactions",
                            "{\"id\": \"wakes-%s\", \"type\": \"Purchase\", \"contact\": \"external:%s\"}"
                                    .formatted(contact, contact));
                    accepted.put(contact, Instant.now());
                    return contact;
                }));
            }
            for (var each : sending) {
                each.get();
            }
        }
        return accepted;
    }

    private static Map<String, Instant> left(Jdbi jdbi) {
        var left = new HashMap<String, Instant>();
        jdbi.useHandle(handle -> handle.select("""
                        select c.external_id, v.left_at from tile_visit v join contact c on c.id = v.contact_id
                        where v.tile = 'next'
                        """)
                .map((row, _) -> Map.entry(
                        row.getString(1), row.getObject(2, OffsetDateTime.class).toInstant()))
                .forEach(entry -> left.put(entry.getKey(), entry.getValue())));
        return left;
    }

    private List<String> contacts(Jdbi jdbi, int size) {
        var names = new ArrayList<String>();
        for (var number = 0; number < size; number++) {
            names.add("c" + made++);
        }
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into contact (external_id, email, first_name, folded, created_at, updated_at)
                        select name, name || '@example.com', 'Bob', jsonb_build_object('firstName', 'bob'), now(), now()
                        from unnest(:names) as name
                        """)
                .bind("names", names.toArray(String[]::new))
                .execute());
        return names;
    }

    private static void join(Server server, String segment, List<String> contacts)
            throws IOException, InterruptedException {
        var members = contacts.stream().map(name -> "\"external:" + name + "\"").toList();
        server.send("POST", "/v1/segments/" + segment + "/members", "{\"add\": " + members + "}");
    }

    private static long count(Jdbi jdbi, String sql) {
        return jdbi.withHandle(handle -> handle.select(sql).mapTo(Long.class).one());
    }

    private static void await(Jdbi jdbi, String sql, long wanted) throws InterruptedException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (count(jdbi, sql) < wanted) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "Only " + count(jdbi, sql) + " of " + wanted + "; see target/bench/server.log");
            }
            Thread.sleep(50);
        }
    }
}
