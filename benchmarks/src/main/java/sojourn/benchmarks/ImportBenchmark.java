package sojourn.benchmarks;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sojourn.app.sandbox.SandboxTemporal;

/** A table of very many contacts, imported by a server with a small heap, which is looked at while the job is at work. */
final class ImportBenchmark {

    private static final String HEAP = "-Xmx256m";
    private static final int ROWS_PER_CHUNK = 500;
    private static final int FIRST_LOOK = 100_000;

    private final Options options;
    private final Table table;

    ImportBenchmark(Options options, Table table) {
        this.options = options;
        this.table = table;
    }

    void run() throws IOException, InterruptedException {
        try (var installation = Installation.open("import", SandboxTemporal.Choice.IN_MEMORY)) {
            var server = installation.serve(HEAP);
            var rows = Math.max(3 * FIRST_LOOK, options.number("imported", 1_000_000));
            var began = System.nanoTime();
            var job = server.csv("/v1/contacts/import", BodyPublishers.ofByteArrays(() -> chunks(rows)))
                    .path("id")
                    .asText();
            var uploaded = (System.nanoTime() - began) / 1e9;
            var first = heapAt(server, job, FIRST_LOOK);
            var last = heapAt(server, job, rows - FIRST_LOOK);
            var done = await(server, job, rows);
            var seconds = (System.nanoTime() - began) / 1e9;
            table.add(
                    "heap after GC within one import of contacts (" + HEAP + "), at " + FIRST_LOOK + " and "
                            + (rows - FIRST_LOOK) + " of " + rows + " rows",
                    "%d MB, %d MB (%.0f rows/s, uploaded in %.0f s)".formatted(first, last, rows / seconds, uploaded),
                    "",
                    "",
                    "flat",
                    done && last <= first + 20);
        }
    }

    private static long heapAt(Server server, String job, int rows) throws IOException, InterruptedException {
        await(server, job, rows);
        return server.heapAfterCollection();
    }

    /** Whether all of it went well so far. */
    private static boolean await(Server server, String job, int rows) throws IOException, InterruptedException {
        while (true) {
            var now = server.get("/v1/jobs/" + job);
            var running = Set.of("queued", "running").contains(now.path("state").asText());
            if (now.path("done").asInt() >= rows || !running) {
                return now.path("result").path("created").asInt() >= rows;
            }
            Thread.sleep(200);
        }
    }

    private static Iterator<byte[]> chunks(int rows) {
        var header = Stream.of("externalId,email,firstName,lastName,address.city,timeZone\n");
        var body = IntStream.iterate(0, from -> from < rows, from -> from + ROWS_PER_CHUNK)
                .mapToObj(from -> lines(from, Math.min(rows, from + ROWS_PER_CHUNK)));
        return Stream.concat(header, body)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .iterator();
    }

    private static String lines(int from, int to) {
        var text = new StringBuilder();
        for (var row = from; row < to; row++) {
            text.append("%d,p%d@example.com,First%d,Last%d,City %d,Europe/Berlin%n"
                    .formatted(row, row, row % 977, row % 9973, row % 331));
        }
        return text.toString();
    }
}
