package sojourn.app.interactions;

import static java.util.stream.Collectors.toSet;

import java.io.IOException;
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

/**
 * Stores a stream of interactions chunk by chunk: while two are stored the next is read and checked. Of two
 * lines with one id the first counts: their chunks are stored one after the other.
 */
final class InteractionStream {

    private static final int CHUNK = 5000;

    /** In bytes or characters, of which a line may have a million. */
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

    Answer store(SentRows rows) throws IOException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var chunk = new ArrayList<Sent>(CHUNK);
            var size = 0L;
            for (var sent = rows.next(); sent != null; sent = rows.next()) {
                chunk.add(sent);
                size += rows.size();
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
