package sojourn.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.postgresql.PGConnection;
import sojourn.app.sandbox.SandboxTemporal;

/**
 * Interactions over HTTP against a client that parses the same NDJSON and copies it into the same table: the same
 * partitions, the same indexes, ids of contacts known to it from the start, no ids remembered, nothing checked.
 */
final class IngestionBenchmark {

    private static final int CONTACTS = 50_000;
    private static final int FIRST_LOOK = 100_000;
    private static final String HEAP = "-Xmx256m";

    private final Options options;
    private final Table table;
    private final Random random = new Random(1);
    private final String prefix = Long.toString(System.nanoTime(), Character.MAX_RADIX);
    private long nextId;

    IngestionBenchmark(Options options, Table table) {
        this.options = options;
        this.table = table;
    }

    void run() throws IOException, InterruptedException, SQLException {
        try (var installation = Installation.open("ingestion", SandboxTemporal.Choice.IN_MEMORY)) {
            var server = installation.serve(HEAP);
            prepare(installation, server);
            compare(installation, server, "ingestion over HTTP");
            flatMemory(server);
        }
    }

    /** Makes the type and the contacts. */
    void prepare(Installation installation, Server server) throws IOException, InterruptedException {
        server.send(
                "POST",
                "/v1/interaction-types",
                "{\"key\": \"Purchase\", \"properties\": {\"amount\": \"number\", \"cds\": \"number\"}}");
        installation.jdbi().useHandle(handle -> {
            handle.execute("""
                    insert into contact (external_id, created_at, updated_at)
                    select 'c' || n, now(), now() from generate_series(1, ?) n
                    """, CONTACTS);
            handle.execute("vacuum analyze contact");
        });
    }

    /**
     * What was found.
     *
     * @param seconds that all of our rounds took
     * @param ratio of our median rate to the other's
     */
    record Found(double seconds, double ratio) {}

    Found compare(Installation installation, Server server, String what)
            throws IOException, InterruptedException, SQLException {
        var postgres = installation.sandbox().postgres();
        try (var bare = DriverManager.getConnection(postgres.url(), postgres.user(), postgres.password())) {
            return compare(installation, server, bare, what);
        }
    }

    private Found compare(Installation installation, Server server, Connection bare, String what)
            throws IOException, InterruptedException, SQLException {
        var spent = 0.0;
        var rounds = options.number("rounds", 7);
        var rows = options.number("rows", 100_000);
        var contacts = contacts(bare);
        var type = type(bare);
        var ours = new Samples();
        var theirs = new Samples();
        var ourWork = new Samples();
        var theirWork = new Samples();
        for (var round = -2; round < rounds; round++) {
            var mine = lines(rows);
            var worked = installation.processorTime();
            var began = System.nanoTime();
            var answer = server.stream("/v1/interactions", BodyPublishers.ofByteArray(mine));
            var seconds = (System.nanoTime() - began) / 1e9;
            if (answer.path("accepted").asLong() != rows) {
                throw new IllegalStateException("Not all were accepted: " + answer);
            }
            spent += seconds;
            var work = installation.processorTime() - worked;
            var others = lines(rows);
            worked = installation.processorTime();
            began = System.nanoTime();
            copy(bare, others, contacts, type);
            var bareSeconds = (System.nanoTime() - began) / 1e9;
            var bareWork = installation.processorTime() - worked;
            System.err.printf(
                    "ingestion %d: ours %.0f/s, %.1f us; bare %.0f/s, %.1f us%n",
                    round, rows / seconds, work * 1e6 / rows, rows / bareSeconds, bareWork * 1e6 / rows);
            if (round >= 0) {
                ours.add(rows / seconds);
                theirs.add(rows / bareSeconds);
                ourWork.add(work * 1e6 / rows);
                theirWork.add(bareWork * 1e6 / rows);
            }
        }
        var ratio = ours.median() / theirs.median();
        table.add(
                what + ", rows/s (median of " + rounds + ")",
                "%.0f".formatted(ours.median()),
                "%.0f (COPY)".formatted(theirs.median()),
                "%.2f (best %.2f)".formatted(ratio, ours.most() / theirs.most()),
                ">= 0.5",
                ratio >= 0.5);
        table.note(
                "processor time of all processes, microseconds a row (median)",
                "%.1f".formatted(ourWork.median()),
                "%.1f".formatted(theirWork.median()),
                "%.2f".formatted(theirWork.median() / ourWork.median()));
        return new Found(spent, ratio);
    }

    /** One request of a million lines to a server with a small heap; looked at while the stream is open. */
    private void flatMemory(Server server) throws IOException, InterruptedException {
        var rows = options.number("long", 1_000_000);
        var heap = new long[2];
        var began = System.nanoTime();
        var body = new Lines(rows, sent -> {
            if (sent == FIRST_LOOK) {
                heap[0] = server.heapAfterCollection();
            } else if (sent == rows) {
                heap[1] = server.heapAfterCollection();
            }
        });
        var answer = server.stream("/v1/interactions", BodyPublishers.ofInputStream(() -> body));
        var seconds = (System.nanoTime() - began) / 1e9;
        var whole = answer.path("accepted").asLong() == rows;
        table.add(
                "heap after GC within one stream (" + HEAP + "), at " + FIRST_LOOK + " and " + rows + " lines",
                heap[0] + " MB, " + heap[1] + " MB (%.0f rows/s)".formatted(rows / seconds),
                "",
                "",
                "flat",
                whole && heap[1] <= heap[0] + 20);
    }

    private byte[] lines(int count) {
        var text = new StringBuilder(count * 150);
        for (var i = 0; i < count; i++) {
            line(text);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private void line(StringBuilder text) {
        var at = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(random.nextInt(20 * 86_400));
        text.append("{\"id\":\"order-")
                .append(prefix)
                .append(nextId++)
                .append("\",\"type\":\"Purchase\",\"contact\":\"external:c")
                .append(1 + random.nextInt(CONTACTS))
                .append("\",\"occurredAt\":\"")
                .append(at)
                .append("\",\"properties\":{\"amount\":")
                .append(random.nextInt(200))
                .append('.')
                .append(10 + random.nextInt(90))
                .append(",\"cds\":")
                .append(1 + random.nextInt(5))
                .append("}}\n");
    }

    private static Map<String, Long> contacts(Connection connection) throws SQLException {
        var ids = new HashMap<String, Long>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select external_id, id from contact")) {
            while (rows.next()) {
                ids.put("external:" + rows.getString(1), rows.getLong(2));
            }
        }
        return ids;
    }

    private static short type(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select id from interaction_type where key = 'Purchase'")) {
            rows.next();
            return rows.getShort(1);
        }
    }

    private static void copy(Connection connection, byte[] lines, Map<String, Long> contacts, short type)
            throws SQLException, IOException {
        var copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("""
                copy interaction (contact_id, occurred_at, received_at, type_id, content_hash, id, properties) from stdin
                """);
        var now = Instant.now();
        var text = new StringBuilder(1 << 16);
        try (var json = new JsonFactory().createParser(lines)) {
            while (json.nextToken() != null) {
                var id = "";
                var contact = "";
                var at = "";
                var properties = new StringBuilder("{");
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    var name = json.currentName();
                    json.nextToken();
                    switch (name) {
                        case "id" -> id = json.getText();
                        case "contact" -> contact = json.getText();
                        case "occurredAt" -> at = json.getText();
                        case "properties" -> {
                            while (json.nextToken() != JsonToken.END_OBJECT) {
                                properties.append(properties.length() > 1 ? "," : "");
                                properties
                                        .append('"')
                                        .append(json.currentName())
                                        .append("\":");
                                json.nextToken();
                                properties.append(json.getText());
                            }
                        }
                        default -> json.skipChildren();
                    }
                }
                text.append(contacts.get(contact)).append('\t');
                text.append(at).append('\t').append(now).append('\t').append(type);
                text.append("\t00000000-0000-0000-0000-000000000000\t")
                        .append(id)
                        .append('\t');
                text.append(properties).append("}\n");
                if (text.length() > 1 << 15) {
                    write(copy, text);
                }
            }
        }
        write(copy, text);
        copy.endCopy();
    }

    private static void write(org.postgresql.copy.CopyIn copy, StringBuilder text) throws SQLException {
        var bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        text.setLength(0);
    }

    /** Is told how many lines have been handed over so far. */
    private interface Progress {
        void sent(int lines) throws IOException;
    }

    /** Lines that are made while they are read. */
    private final class Lines extends InputStream {

        private static final int CHUNK = 1000;

        private final int total;
        private final Progress progress;
        private int made;
        private byte[] chunk = new byte[0];
        private int at;

        Lines(int total, Progress progress) {
            this.total = total;
            this.progress = progress;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (at == chunk.length) {
                progress.sent(made);
                if (made >= total) {
                    return -1;
                }
                chunk = lines(CHUNK);
                made += CHUNK;
                at = 0;
            }
            var count = Math.min(length, chunk.length - at);
            System.arraycopy(chunk, at, into, offset, count);
            at += count;
            return count;
        }
    }
}
