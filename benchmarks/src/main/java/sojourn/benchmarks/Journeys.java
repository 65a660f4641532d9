package sojourn.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Jdbi;

/** Journeys of an installation, each with a static segment of its own as audience, and contacts for them. */
final class Journeys {

    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final Jdbi jdbi;
    private final Server server;
    private int made;

    Journeys(Jdbi jdbi, Server server) {
        this.jdbi = jdbi;
        this.server = server;
    }

    Server server() {
        return server;
    }

    /** Eight tiles, three of them sends and three waits. */
    static String eightTiles(String wait) {
        return """
                "start": "first", "tiles": {
                   "first": {"type": "email", "message": "news", "next": "one"},
                   "one": {"type": "waitFor", "duration": "%1$s", "next": "second"},
                   "second": {"type": "email", "message": "news", "next": "who"},
                   "who": {"type": "attributeBranch", "otherwise": "two", "branches": [
                     {"name": "ada", "when": "firstName == 'Ada'", "next": "two"}]},
                   "two": {"type": "waitFor", "duration": "%1$s", "next": "third"},
                   "third": {"type": "email", "message": "news", "next": "three"},
                   "three": {"type": "waitFor", "duration": "%1$s", "next": "bye"},
                   "bye": {"type": "end", "outcome": "done"}}""".formatted(wait);
    }

    /** The key of the segment that is a journey's audience. */
    static String audience(String journey) {
        return "audience-" + journey;
    }

    void makeAudience(String journey) throws IOException, InterruptedException {
        var audience = audience(journey);
        server.send(
                "POST",
                "/v1/segments",
                "{\"key\": \"%s\", \"name\": \"%s\", \"kind\": \"static\", \"timeZone\": \"UTC\"}"
                        .formatted(audience, audience));
        server.send("POST", "/v1/segments/" + audience + "/go-live", "");
    }

    /** @param tiles the start and the tiles of a document */
    void goLive(String journey, String tiles) throws IOException, InterruptedException {
        server.send(
                "POST",
                "/v1/journeys",
                "{\"key\": \"%s\", \"document\": {\"audience\": {\"segments\": [\"%s\"]}, %s}}"
                        .formatted(journey, audience(journey), tiles));
        server.send("POST", "/v1/journeys/" + journey + "/go-live", "");
    }

    /** New contacts, by external id. */
    List<String> contacts(int size) {
        var names = new ArrayList<String>();
        for (var number = 0; number < size; number++) {
            names.add("p" + made++);
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

    /** The external id of the contact that was made last. */
    String latest() {
        return "p" + (made - 1);
    }

    void join(String journey, List<String> contacts) throws IOException, InterruptedException {
        var members = contacts.stream().map(name -> "\"external:" + name + "\"").toList();
        server.send("POST", "/v1/segments/" + audience(journey) + "/members", "{\"add\": " + members + "}");
    }

    long count(String sql) {
        return jdbi.withHandle(handle -> handle.select(sql).mapTo(Long.class).one());
    }

    /** Looks on one connection: a new one for each look would be a tenth of the work that is measured. */
    void await(String sql, long wanted) throws InterruptedException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        try (var handle = jdbi.open()) {
            while (true) {
                var count = handle.select(sql).mapTo(Long.class).one();
                if (count >= wanted) {
                    return;
                }
                if (System.nanoTime() > end) {
                    throw new IllegalStateException(
                            "Only " + count + " of " + wanted + " (" + sql + "); see target/bench/server.log");
                }
                Thread.sleep(50);
            }
        }
    }

    /** Something done for one contact over HTTP. */
    interface Deed {
        void of(String contact) throws IOException, InterruptedException;
    }

    /** Does something for each contact at an even rate a second; when each was answered. */
    static Map<String, Instant> evenly(List<String> contacts, double rate, Deed deed)
            throws InterruptedException, ExecutionException {
        var answered = new ConcurrentHashMap<String, Instant>();
        var began = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var doing = new ArrayList<Future<?>>();
            for (var number = 0; number < contacts.size(); number++) {
                LockSupport.parkNanos(began + (long) (number * 1e9 / rate) - System.nanoTime());
                var contact = contacts.get(number);
                doing.add(threads.submit(() -> {
                    deed.of(contact);
                    answered.put(contact, Instant.now());
                    return contact;
                }));
            }
            for (var each : doing) {
                each.get();
            }
        }
        return answered;
    }

    /** Milliseconds from the answers to instants that the database has by external id. */
    Samples since(Map<String, Instant> answered, String instantsByContact) {
        var samples = new Samples();
        jdbi.useHandle(handle -> handle.select(instantsByContact)
                .map((row, _) -> Map.entry(
                        row.getString(1), row.getObject(2, OffsetDateTime.class).toInstant()))
                .forEach(entry -> {
                    var from = answered.get(entry.getKey());
                    if (from != null) {
                        samples.add(Math.max(
                                0, Duration.between(from, entry.getValue()).toNanos() / 1e6));
                    }
                }));
        if (samples.count() != answered.size()) {
            throw new IllegalStateException(samples.count() + " instead of " + answered.size());
        }
        return samples;
    }
}
