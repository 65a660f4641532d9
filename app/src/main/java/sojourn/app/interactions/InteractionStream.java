package sojourn.app.interactions;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import sojourn.app.interactions.InteractionsResource.Answer;
import sojourn.app.platform.Lines;
import sojourn.app.platform.ProblemError;

/** Stores a stream of newline-delimited JSON chunk by chunk: while one is stored the next is read and checked. */
final class InteractionStream {

    private static final int CHUNK = 8000;
    private static final int MOST_LISTED = 1000;

    private final Ingestion ingestion;
    private final List<Rejection> rejected = new ArrayList<>();
    private long accepted;
    private long duplicates;
    private long rejectedTotal;

    InteractionStream(Ingestion ingestion) {
        this.ingestion = ingestion;
    }

    Answer store(InputStream in) throws IOException {
        try (var storing = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Ingestion.@Nullable Outcome> pending = storing.submit(() -> null);
            var lines = new Lines(in);
            var chunk = new ArrayList<Sent>(CHUNK);
            var index = 0L;
            while (lines.next()) {
                if (lines.isBlank()) {
                    continue;
                }
                chunk.add(read(lines, index++));
                if (chunk.size() == CHUNK) {
                    var full = ingestion.check(chunk);
                    count(pending);
                    pending = storing.submit(() -> ingestion.store(full));
                    chunk = new ArrayList<>(CHUNK);
                }
            }
            count(pending);
            count(ingestion.store(chunk));
        }
        return new Answer(accepted, duplicates, rejected, rejectedTotal);
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

    private void count(Future<Ingestion.@Nullable Outcome> pending) {
        try {
            var outcome = pending.get();
            if (outcome != null) {
                count(outcome);
            }
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
