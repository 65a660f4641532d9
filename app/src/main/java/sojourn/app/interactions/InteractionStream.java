package sojourn.app.interactions;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import sojourn.app.interactions.InteractionsResource.Answer;
import sojourn.app.platform.Lines;
import sojourn.app.platform.ProblemError;

/**
 * Stores a stream of newline-delimited JSON chunk by chunk: while two are stored the next is read and checked. Of two
 * lines with one id the first counts: their chunks are stored one after the other.
 */
final class InteractionStream {

    private static final int CHUNK = 5000;

    /** In bytes, of which a line may have a million. */
    private static final int CHUNK_SIZE = 4 << 20;

    private static final int STORED_AT_ONCE = 2;
    private static final int MOST_LISTED = 1000;

    /** A chunk on its way into the database. */
    private record Storing(Set<String> ids, Future<Ingestion.Outcome> outcome) {}

    private final Ingestion ingestion;
    private final Deque<Storing> storing = new ArrayDeque<>();
    private final List<Rejection> rejected = new ArrayList<>();
    private long accepted;
    private long duplicates;
    private long rejectedTotal;

    InteractionStream(Ingestion ingestion) {
        this.ingestion = ingestion;
    }

    Answer store(InputStream in) throws IOException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var lines = new Lines(in);
            var chunk = new ArrayList<Sent>(CHUNK);
            var index = 0L;
            var size = 0L;
            while (lines.next()) {
                if (lines.isBlank()) {
                    continue;
                }
                chunk.add(read(lines, index++));
                size += lines.length();
                if (chunk.size() == CHUNK || size >= CHUNK_SIZE) {
                    store(ingestion.check(chunk), threads);
                    chunk = new ArrayList<>(CHUNK);
                    size = 0;
                }
            }
            store(ingestion.check(chunk), threads);
            while (!storing.isEmpty()) {
                count(storing.removeFirst());
            }
        }
        return new Answer(accepted, duplicates, rejected, rejectedTotal);
    }

    private void store(Ingestion.Checked chunk, ExecutorService threads) {
        var ids = chunk.candidates().stream().map(Candidate::id).collect(toSet());
        while (storing.size() == STORED_AT_ONCE
                || storing.stream().anyMatch(other -> !Collections.disjoint(other.ids(), ids))) {
            count(storing.removeFirst());
        }
        storing.add(new Storing(ids, threads.submit(() -> ingestion.store(chunk))));
    }

    private static Sent read(Lines lines, long index) throws IOException {
        if (lines.isTooLong()) {
            return unreadable(index, "too-long", "a line may have at most 1 MiB");
        }
        try (var json = InteractionReader.JSON.createParser(lines.buffer(), lines.start(), lines.length())) {
            json.nextToken();
            var sent = InteractionReader.read(json, index);
            return json.nextToken() == null
                    ? sent
                    : unreadable(index, "malformed-json", "there is more in the line after the end of the JSON");
        } catch (JsonProcessingException malformed) {
            return unreadable(index, "malformed-json", "this line is not JSON");
        }
    }

    private static Sent unreadable(long index, String code, String detail) {
        return new Sent(index, null, null, null, null, null, null, List.of(ProblemError.at("", code, detail)));
    }

    private void count(Storing stored) {
        try {
            count(stored.outcome().get());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while storing", stopped);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failed);
        }
    }

    private void count(Ingestion.Outcome outcome) {
        accepted += outcome.accepted();
        duplicates += outcome.duplicates();
        rejectedTotal += outcome.rejected().size();
        for (var rejection : outcome.rejected()) {
            if (rejected.size() < MOST_LISTED) {
                rejected.add(rejection);
            }
        }
    }
}
