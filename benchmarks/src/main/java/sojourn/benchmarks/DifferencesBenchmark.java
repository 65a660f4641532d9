package sojourn.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.segments.EngineProbe;

/**
 * The product's own evaluations of the ten reference segments. In full, with what had been put wrong behind its back stored
 * as a difference, against the plain count; and by the clock alone, ten minutes at once, against the evaluation in full.
 */
final class DifferencesBenchmark {

    private static final int EVALUATIONS = 3;
    private static final Duration SLICE = Duration.ofMinutes(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Table table;
    private final Server server;
    private final Jdbi jdbi;
    private final EngineProbe probe;

    DifferencesBenchmark(Table table, Server server, Jdbi jdbi) {
        this.table = table;
        this.server = server;
        this.jdbi = jdbi;
        this.probe = new EngineProbe(jdbi);
    }

    void run(Map<String, Double> counted) throws IOException, InterruptedException {
        var small = new Samples();
        var large = new Samples();
        var moving = new LinkedHashMap<Reference, Double>();
        var contacts = Segments.contacts(jdbi);
        for (var reference : Reference.all(jdbi, Instant.now())) {
            var key = reference.key();
            goLive(key, reference.query());
            var full = evaluate(key);
            var size = members(key);
            var ratio = full / counted.getOrDefault(key, 1.0);
            (size * 4 > contacts ? large : small).add(ratio);
            System.err.printf("%s with the difference stored: %.0f ms, %.2f of its count%n", key, full, ratio);
            if (reference.query().contains("DAYS")) {
                moving.put(reference, full);
            }
            server.send("POST", "/v1/segments/" + key + "/stop", "");
        }
        table.add(
                "evaluation with 1 % stored as difference / count: segments of <= 25 % of contacts (median, worst)",
                "", "", "%.2f, %.2f".formatted(small.median(), small.most()), "<= 1.5", small.most() <= 1.5);
        if (large.count() > 0) {
            var ratios = "%.2f, %.2f".formatted(large.median(), large.most());
            table.note("the same, of larger segments (median, worst)", "", "", ratios);
        }
        slices(moving);
    }

    /** Ten minutes of the clock: for all segments with windows in one pass, as the product does it, and for each alone. */
    private void slices(Map<Reference, Double> moving) throws IOException, InterruptedException {
        var alone = new Samples();
        for (var reference : moving.keySet()) {
            goLive(reference.key(), reference.query());
        }
        for (var each : moving.entrySet()) {
            var part = slice(List.of(each.getKey())) / each.getValue();
            alone.add(part);
            System.err.printf(
                    "%s: ten minutes of the clock are %.3f of it%n",
                    each.getKey().key(), part);
        }
        var together = slice(List.copyOf(moving.keySet()));
        var full = moving.values().stream().mapToDouble(Double::doubleValue).sum();
        table.add(
                "ten minutes of the clock, all segments with windows, ms, against their evaluations in full, same result",
                "%.0f".formatted(together),
                "%.0f".formatted(full),
                "%.3f".formatted(together / full),
                "<= 0.05",
                together <= 0.05 * full);
        table.note(
                "the same, each alone (median, worst)", "", "", "%.3f, %.3f".formatted(alone.median(), alone.most()));
        for (var reference : moving.keySet()) {
            server.send("POST", "/v1/segments/" + reference.key() + "/stop", "");
        }
    }

    private void goLive(String key, String query) throws IOException, InterruptedException {
        if (jdbi.withHandle(handle -> handle.select("select from segment where key = ?", key)
                        .mapToMap()
                        .list())
                .isEmpty()) {
            server.send(
                    "POST",
                    "/v1/segments",
                    "{\"key\": \"%s\", \"name\": \"%s\", \"kind\": \"dynamic\", \"timeZone\": \"UTC\", \"query\": \"%s\"}"
                            .formatted(key, key, query));
        }
        var before = Segments.tookMillis(jdbi, key).size();
        if (server.send("POST", "/v1/segments/" + key + "/go-live", "")
                .path("state")
                .asText()
                .equals("goingLive")) {
            await(key, before + 1);
        }
    }

    /** The least time of some evaluations, each with one member in a hundred to find again. */
    private double evaluate(String key) throws IOException, InterruptedException {
        var took = new Samples();
        jdbi.useHandle(handle -> handle.execute("vacuum analyze membership"));
        var before = Segments.tookMillis(jdbi, key).size();
        for (var round = 1; round <= EVALUATIONS; round++) {
            jdbi.useHandle(handle -> handle.execute(
                    "delete from membership where segment_id = ? and contact_id % 100 = 7", Segments.id(handle, key)));
            server.send("POST", "/v1/segments/" + key + "/evaluate", "");
            took.add(await(key, before + round));
        }
        return took.least();
    }

    /** The least time of some rounds, after which nothing may be left to find. */
    private double slice(List<Reference> references) throws IOException, InterruptedException {
        var spent = new Samples();
        for (var round = 1; round <= EVALUATIONS; round++) {
            probe.catchUp();
            var then = Instant.now().minus(SLICE).truncatedTo(ChronoUnit.MICROS);
            for (var reference : references) {
                putBack(reference, then);
            }
            spent.add(probe.catchUp());
        }
        for (var reference : references) {
            checkNothingMissed(reference.key());
        }
        return spent.least();
    }

    /** Makes a segment what it was at an instant, its clock too. */
    private void putBack(Reference reference, Instant then) {
        var key = reference.key();
        var members = Segments.ids(jdbi, reference.query(), then);
        jdbi.useTransaction(handle -> {
            var id = Segments.id(handle, key);
            handle.execute("select from segment_clock where segment_id = ? for update", id);
            handle.execute("create temporary table then_in (id bigint primary key) on commit drop");
            var fill = handle.createUpdate("insert into then_in " + members.text());
            for (var index = 0; index < members.values().size(); index++) {
                fill.bind(index, members.values().get(index));
            }
            fill.execute();
            handle.execute(
                    "delete from membership where segment_id = ? and contact_id not in (select id from then_in)", id);
            handle.execute("""
                    insert into membership (segment_id, contact_id, joined_at)
                    select ?, id, now() from then_in on conflict do nothing
                    """, id);
            handle.createUpdate("update segment_clock set at = :then where segment_id = :id")
                    .bind("then", then)
                    .bind("id", id)
                    .execute();
        });
    }

    /** What the clock has moved since is on its way, and no drift. */
    private void checkNothingMissed(String key) throws IOException, InterruptedException {
        var evaluations = Segments.tookMillis(jdbi, key).size();
        server.send("POST", "/v1/segments/" + key + "/evaluate", "");
        await(key, evaluations + 1);
        var drift = jdbi.withHandle(handle -> handle.select(
                        "select drift from evaluation where segment_id = ? order by at desc limit 1",
                        Segments.id(handle, key))
                .mapTo(Long.class)
                .one());
        if (drift > 0) {
            throw new IllegalStateException(key + ": the clock missed " + drift + " contacts");
        }
    }

    /** Waits until a segment has been evaluated so often; how long the last took, in milliseconds. */
    private double await(String key, int evaluations) throws InterruptedException {
        var end = System.nanoTime() + LONGEST.toNanos();
        while (System.nanoTime() < end) {
            var took = Segments.tookMillis(jdbi, key);
            if (took.size() >= evaluations) {
                return Math.max(took.getLast(), 1);
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException(key + " was not evaluated; see target/bench/server.log");
    }

    private long members(String key) {
        return jdbi.withHandle(handle -> handle.select(
                        "select count(*) from membership where segment_id = ?", Segments.id(handle, key))
                .mapTo(Long.class)
                .one());
    }
}
