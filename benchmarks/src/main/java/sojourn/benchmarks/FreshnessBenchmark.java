package sojourn.benchmarks;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Jdbi;

/**
 * Two hundred contacts a second buy something, each for the first time in half a year, twenty requests a second. Each
 * leaves the segment of those who have not; what counts is the time from the answer, when the purchase is durable, to the
 * first look that no longer finds the contact among its members.
 */
final class FreshnessBenchmark {

    private static final int REQUESTS_A_SECOND = 20;
    private static final int CONTACTS_A_REQUEST = 10;

    private final Table table;
    private final Server server;
    private final Jdbi jdbi;
    private final int seconds;
    private final Map<Long, Long> waiting = new ConcurrentHashMap<>();
    private final Samples latencies = new Samples();

    FreshnessBenchmark(Table table, Server server, Jdbi jdbi, int seconds) {
        this.table = table;
        this.server = server;
        this.jdbi = jdbi;
        this.seconds = seconds;
    }

    void run() throws IOException, InterruptedException {
        var segment =
                jdbi.withHandle(handle -> handle.select("""
                        select key from segment where state = 'live'
                        and query = 'PROFILE(contact) EXCEPT INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(30))'
                        """).mapTo(String.class).first());
        var id = jdbi.withHandle(handle -> Segments.id(handle, segment));
        var requests = seconds * REQUESTS_A_SECOND;
        List<Long> contacts = jdbi.withHandle(handle -> handle.select(
                        "select contact_id from membership where segment_id = ? order by contact_id * 7919 % 104729 limit ?",
                        id, requests * CONTACTS_A_REQUEST)
                .mapTo(Long.class)
                .list());
        var looking = Thread.ofPlatform().start(() -> look(id));
        var externalIds = externalIds(contacts);
        var began = System.nanoTime();
        for (var n = 0; n < requests; n++) {
            var some = contacts.subList(n * CONTACTS_A_REQUEST, (n + 1) * CONTACTS_A_REQUEST);
            server.send("POST", "/v1/interactions", purchases(some, externalIds, began + n));
            var answered = System.nanoTime();
            some.forEach(contact -> waiting.put(contact, answered));
            var next = began + (n + 1) * 1_000_000_000L / REQUESTS_A_SECOND;
            Thread.sleep(Math.max(0, (next - System.nanoTime()) / 1_000_000));
        }
        var rate = requests * CONTACTS_A_REQUEST / ((System.nanoTime() - began) / 1e9);
        looking.join();
        table.add(
                "%.0f changed contacts a second: change accepted to membership changed, ms (p50, p95, p99)"
                        .formatted(rate),
                "%.0f, %.0f, %.0f"
                        .formatted(latencies.percentile(50), latencies.percentile(95), latencies.percentile(99)),
                "",
                "",
                "p95 < 1000",
                latencies.percentile(95) < 1000);
        System.err.printf(
                "fresh: p50 %.0f, p95 %.0f, p99 %.0f ms at %.0f/s%n",
                latencies.percentile(50), latencies.percentile(95), latencies.percentile(99), rate);
    }

    private Map<Long, String> externalIds(List<Long> contacts) {
        var found = new HashMap<Long, String>();
        jdbi.useHandle(handle -> handle.createQuery("select id, external_id from contact where id = any(:ids)")
                .bind("ids", contacts.toArray(Long[]::new))
                .map((row, _) -> Map.entry(row.getLong(1), row.getString(2)))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue())));
        return found;
    }

    private static String purchases(List<Long> contacts, Map<Long, String> externalIds, long unique) {
        var json = new StringBuilder("[");
        for (var contact : contacts) {
            json.append(json.length() > 1 ? "," : "")
                    .append(
                            "{\"id\": \"fresh-%d-%d\", \"type\": \"Purchase\", \"contact\": \"external:%s\", \"properties\": {\"amount\": 5}}"
                                    .formatted(unique, contact, externalIds.get(contact)));
        }
        return json.append("]").toString();
    }

    /** Looks again and again who of those that wait is still a member; until a while after the last has come. */
    private void look(int segment) {
        var end = System.nanoTime() + (seconds + 60) * 1_000_000_000L;
        var expected = seconds * REQUESTS_A_SECOND * CONTACTS_A_REQUEST;
        while (latencies.count() < expected && System.nanoTime() < end) {
            var asked = waiting.keySet().toArray(Long[]::new);
            var still = jdbi.withHandle(handle -> handle.createQuery(
                            "select contact_id from membership where segment_id = :segment and contact_id = any(:asked)")
                    .bind("segment", segment)
                    .bind("asked", asked)
                    .mapTo(Long.class)
                    .set());
            var now = System.nanoTime();
            for (var contact : asked) {
                if (!still.contains(contact)) {
                    var since = waiting.remove(contact);
                    latencies.add(since == null ? 0 : Math.max(0, now - since) / 1e6);
                }
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        waiting.values().forEach(since -> latencies.add((System.nanoTime() - since) / 1e6));
    }
}
