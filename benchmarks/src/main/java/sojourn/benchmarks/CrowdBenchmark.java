package sojourn.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import sojourn.app.sandbox.SandboxTemporal;

/**
 * Many runs at once: how fast a segment full of contacts enters, whether a run wakes as fast among many as among few, how
 * fast a journey is stopped and whether the API still answers, and whether a huge journey holds up a small one.
 */
final class CrowdBenchmark {

    private static final String WAITING = """
            "start": "waits", "tiles": {
               "waits": {"type": "ifThen", "timeLimit": "P1D", "otherwise": null, "branches": [
                 {"name": "bought", "when": [{"interaction": {"type": "Purchase"}}], "next": "rest"}]},
               "rest": {"type": "waitFor", "duration": "P1D", "next": null}}""";

    private static final String RESTING = """
            "start": "rest", "tiles": {"rest": {"type": "waitFor", "duration": "P1D", "next": null}}""";

    private static final String DEV_SERVER = "dev server";
    private static final int FEW = 1000;
    private static final int WOKEN = 300;
    private static final double WAKES_A_SECOND = 15;
    private static final int REST = 30;

    /** Of the crowd, those whose entry is measured, beside as many bare workflows. */
    private static final int MOST_ENTERING = 10_000;

    private final Options options;
    private final Table table;

    CrowdBenchmark(Options options, Table table) {
        this.options = options;
        this.table = table;
    }

    void run() throws IOException, InterruptedException, ExecutionException {
        var open = options.number("open", 10_000);
        var temporal = options.is("inMemory") ? SandboxTemporal.Choice.IN_MEMORY : SandboxTemporal.Choice.AUTO;
        try (var installation = Installation.open("crowd", temporal);
                var bare = new BareTemporal(installation.sandbox().temporal().address())) {
            var where = installation.sandbox().temporal().uiUrl().isPresent() ? DEV_SERVER : "in-memory server";
            var journeys = new Journeys(installation.jdbi(), installation.serve("-Xmx512m"));
            journeys.server().send("POST", "/v1/interaction-types", "{\"key\": \"Purchase\"}");
            journeys.makeAudience("waiting");
            journeys.goLive("waiting", WAITING);
            var waiting = journeys.contacts(FEW);
            journeys.join("waiting", waiting);
            journeys.await("select count(*) from run where status = 'active' and tile = 'waits'", FEW);
            wake(journeys, waiting.subList(0, 50));
            var few = wake(journeys, waiting.subList(50, 50 + WOKEN));
            var bareFew = wakeBare(bare, "few-");
            var heapOfFew = journeys.server().heapAfterCollection();
            var entering = Math.min(open, MOST_ENTERING);
            enter(journeys, bare, entering, where);
            fill(journeys, open - entering);
            // What is done behind so many entries, like the vacuum of their tables, is not what is asked about.
            TimeUnit.SECONDS.sleep(REST);
            var many = wake(journeys, waiting.subList(50 + WOKEN, 50 + 2 * WOKEN));
            var bareMany = wakeBare(bare, "many-");
            flat(few, many, heapOfFew, journeys.server().heapAfterCollection(), open, where);
            table.note(
                    "the same of bare workflows, from signal to end, ms (p50, p95)",
                    "%.0f, %.0f".formatted(bareMany.percentile(50), bareMany.percentile(95)),
                    "%.0f, %.0f".formatted(bareFew.percentile(50), bareFew.percentile(95)),
                    "%.2f".formatted(bareMany.percentile(95) / bareFew.percentile(95)));
            stop(journeys, bare, entering, where);
            fairness(installation, journeys, where);
        }
    }

    /** Milliseconds from an accepted interaction to the next tile, one contact after the other. */
    private static Samples wake(Journeys journeys, List<String> contacts)
            throws InterruptedException, ExecutionException {
        var answered = Journeys.evenly(
                contacts,
                WAKES_A_SECOND,
                contact -> journeys.server()
                        .send(
                                "POST",
                                "/v1/interactions",
                                "{\"id\": \"wakes-%s\", \"type\": \"Purchase\", \"contact\": \"external:%s\"}"
                                        .formatted(contact, contact)));
        var woken = "select c.external_id, v.entered_at from tile_visit v join contact c on c.id = v.contact_id"
                + " where v.tile = 'rest' and v.journey_id = (select id from journey where key = 'waiting')"
                + " and c.external_id = any('{" + String.join(",", contacts) + "}')";
        journeys.await("select count(*) from (" + woken + ") as woken", contacts.size());
        return journeys.since(answered, woken);
    }

    /** Milliseconds from the signal to the end of workflows that wait to be woken, one after the other. */
    private static Samples wakeBare(BareTemporal bare, String prefix) throws InterruptedException, ExecutionException {
        var names =
                IntStream.range(0, WOKEN).mapToObj(number -> prefix + number).toList();
        BareTemporal.forEach(WOKEN, number -> bare.startWaiting(names.get(number)));
        var took = new ConcurrentHashMap<String, Double>();
        Journeys.evenly(names, WAKES_A_SECOND, name -> {
            var began = System.nanoTime();
            bare.wake(name);
            bare.awaitEnd(name);
            took.put(name, (System.nanoTime() - began) / 1e6);
        });
        var samples = new Samples();
        took.values().forEach(samples::add);
        return samples;
    }

    private void flat(Samples few, Samples many, long heapOfFew, long heapOfMany, int open, String where) {
        table.add(
                "accepted interaction to next tile, ms, %.0f a second, among %d open runs against %d, %s (p50, p95)"
                        .formatted(WAKES_A_SECOND, open + FEW, FEW, where),
                "%.0f, %.0f".formatted(many.percentile(50), many.percentile(95)),
                "%.0f, %.0f".formatted(few.percentile(50), few.percentile(95)),
                "%.2f".formatted(many.percentile(95) / few.percentile(95)),
                "<= 1.2",
                many.percentile(95) <= few.percentile(95) * 1.2);
        table.note(
                "heap of the server after GC, MB, with %d open runs against %d".formatted(open + FEW, FEW),
                Long.toString(heapOfMany),
                Long.toString(heapOfFew),
                "%.2f".formatted((double) heapOfMany / heapOfFew));
    }

    /** Segments full of contacts whose journeys go live, in turns with as many bare workflows that are started. */
    private void enter(Journeys journeys, BareTemporal bare, int open, String where)
            throws IOException, InterruptedException, ExecutionException {
        var rounds = 4;
        var ours = new Samples();
        var theirs = new Samples();
        for (var round = -1; round < rounds; round++) {
            var size = round < 0 ? FEW : open / rounds;
            var journey = "resting-" + (round + 1);
            journeys.makeAudience(journey);
            journeys.join(journey, journeys.contacts(size));
            var mine = rate(size, () -> {
                journeys.goLive(journey, RESTING);
                journeys.await(
                        "select count(*) from run where status = 'active' and tile = 'rest'"
                                + " and journey_id = (select id from journey where key = '" + journey + "')",
                        size);
            });
            var prefix = "crowd-" + round + "-";
            var others = rate(size, () -> {
                var waiting = BareJourneyImpl.WaitingImpl.WAITING.get() + size;
                BareTemporal.forEach(size, number -> bare.startWaiting(prefix + number));
                while (BareJourneyImpl.WaitingImpl.WAITING.get() < waiting) {
                    Thread.sleep(20);
                }
            });
            System.err.printf("entry %d: ours %.0f/s, bare %.0f/s%n", round, mine, others);
            if (round >= 0) {
                ours.add(mine);
                theirs.add(others);
            }
        }
        var ratio = ours.median() / theirs.median();
        var what = "contacts of a segment that enter, a second, up to their first wait, %s (median of %d)"
                .formatted(where, rounds);
        var mine = "%.0f".formatted(ours.median());
        var others = "%.0f (started and waiting)".formatted(theirs.median());
        var both = "%.2f (best %.2f)".formatted(ratio, ours.most() / theirs.most());
        if (where.equals(DEV_SERVER)) {
            table.add(what, mine, others, both, ">= 0.6", ratio >= 0.6);
        } else {
            // A start costs the in-memory server next to nothing, and nobody runs a business on it.
            table.note(what, mine, others, both);
        }
    }

    /** Half of those who entered have their journeys stopped; the API is asked meanwhile. As many bare workflows are woken and end. */
    private void stop(Journeys journeys, BareTemporal bare, int open, String where)
            throws IOException, InterruptedException, ExecutionException {
        var size = open / 4;
        var quiet = asked(journeys, () -> TimeUnit.SECONDS.sleep(10));
        var took = new double[1];
        var busy = asked(
                journeys,
                () -> took[0] = rate(2 * size, () -> {
                    journeys.server().send("POST", "/v1/journeys/resting-1/stop", "{}");
                    journeys.server().send("POST", "/v1/journeys/resting-2/stop", "{}");
                    journeys.await("select count(*) from run where status = 'stopped'", 2L * size);
                }));
        var others = rate(2 * size, () -> {
            for (var round : List.of("crowd-0-", "crowd-1-")) {
                BareTemporal.forEach(size, number -> bare.wake(round + number));
            }
        });
        table.note(
                "runs ended by the stop of their journeys, a second (%d runs), against signals to bare workflows, %s"
                        .formatted(2 * size, where),
                "%.0f".formatted(took[0]),
                "%.0f".formatted(others),
                "%.2f".formatted(took[0] / others));
        table.note(
                "GET of a journey meanwhile against before, ms (p50, p99)",
                "%.0f, %.0f".formatted(busy.percentile(50), busy.percentile(99)),
                "%.0f, %.0f".formatted(quiet.percentile(50), quiet.percentile(99)),
                "%.1f".formatted(busy.percentile(99) / quiet.percentile(99)));
    }

    /** How long a small journey's contacts take to their first tile, alone and behind a journey that has ever so many to let in. */
    private void fairness(Installation installation, Journeys journeys, String where)
            throws IOException, InterruptedException, ExecutionException {
        var pending = options.number("pending", 200_000);
        journeys.makeAudience("small");
        journeys.goLive("small", RESTING);
        var alone = smallEntry(journeys);
        journeys.makeAudience("huge");
        journeys.goLive("huge", RESTING);
        installation.jdbi().useHandle(handle -> {
            handle.execute("""
                    insert into contact (external_id, created_at, updated_at)
                    select 'huge-' || n, now(), now() from generate_series(1, ?) n
                    """, pending);
            handle.execute("""
                    insert into run (contact_id, journey_id, version, run_no, status, entered_at, entered_by, check_at)
                    select c.id, j.id, 1, 1, 'pending', now(), 'audience', now()
                    from contact c, journey j where c.external_id like 'huge-%' and j.key = 'huge'
                    """);
            handle.execute("analyze run");
        });
        var started =
                "select count(*) from run where status = 'active' and journey_id = (select id from journey where key = 'huge')";
        var before = journeys.count(started);
        var began = System.nanoTime();
        var beside = smallEntry(journeys);
        var rate = (journeys.count(started) - before) / ((System.nanoTime() - began) / 1e9);
        table.add(
                "contact of a small journey, joined to first tile, ms, beside %d who wait to be started, %s (p50, p95)"
                        .formatted(pending, where),
                "%.0f, %.0f".formatted(beside.percentile(50), beside.percentile(95)),
                "%.0f, %.0f (alone)".formatted(alone.percentile(50), alone.percentile(95)),
                "%.1f; %.0f of the many started a second".formatted(beside.percentile(95) / alone.percentile(95), rate),
                "p95 < 5000",
                beside.percentile(95) < 5000);
    }

    private static Samples smallEntry(Journeys journeys) throws InterruptedException, ExecutionException {
        var contacts = journeys.contacts(60);
        var answered = Journeys.evenly(contacts, 3, contact -> journeys.join("small", List.of(contact)));
        var entered = "select c.external_id, v.entered_at from tile_visit v join contact c on c.id = v.contact_id"
                + " where v.no = 1 and v.journey_id = (select id from journey where key = 'small')"
                + " and c.external_id = any('{" + String.join(",", contacts) + "}')";
        journeys.await("select count(*) from (" + entered + ") as entered", contacts.size());
        return journeys.since(answered, entered);
    }

    /** More runs that wait. */
    private static void fill(Journeys journeys, int size) throws IOException, InterruptedException {
        for (var left = size; left > 0; left -= MOST_ENTERING) {
            var journey = "filling-" + left;
            var some = Math.min(left, MOST_ENTERING);
            journeys.makeAudience(journey);
            for (var joining = some; joining > 0; joining -= FEW) {
                journeys.join(journey, journeys.contacts(Math.min(joining, FEW)));
            }
            journeys.goLive(journey, RESTING);
            journeys.await(
                    "select count(*) from run where status = 'active' and tile = 'rest'"
                            + " and journey_id = (select id from journey where key = '" + journey + "')",
                    some);
            System.err.printf("%d are still to enter%n", left - some);
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException, ExecutionException;
    }

    private static double rate(int size, Work work) throws IOException, InterruptedException, ExecutionException {
        var began = System.nanoTime();
        work.run();
        return size / ((System.nanoTime() - began) / 1e9);
    }

    /** Milliseconds that a page of the API takes, asked twenty times a second while something is done. */
    private static Samples asked(Journeys journeys, Work work)
            throws IOException, InterruptedException, ExecutionException {
        var samples = new ArrayList<Double>();
        try (var threads = Executors.newSingleThreadScheduledExecutor()) {
            var asking = threads.scheduleAtFixedRate(
                    () -> {
                        try {
                            var began = System.nanoTime();
                            journeys.server().get("/v1/journeys/waiting");
                            samples.add((System.nanoTime() - began) / 1e6);
                        } catch (IOException | InterruptedException failure) {
                            throw new IllegalStateException(failure);
                        }
                    },
                    0,
                    50,
                    TimeUnit.MILLISECONDS);
            work.run();
            asking.cancel(false);
        }
        var result = new Samples();
        IntStream.range(0, samples.size()).forEach(index -> result.add(samples.get(index)));
        return result;
    }
}
