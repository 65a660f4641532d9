package sojourn.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** An outside system that sends a request again and again, to any server, until it gets a good answer. */
final class Outside implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> urls;
    private final String key;
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    Outside(List<String> urls, String key) {
        this.urls = urls;
        this.key = key;
    }

    /** How often there was no good answer. */
    int refused() {
        return refused.get();
    }

    /** Waits until a server is ready. */
    static void awaitReady(String url) {
        try (var outside = new Outside(List.of(url), "")) {
            outside.insist("GET", "/readyz", "");
        }
    }

    /** The body of the first answer that is 2xx or 3xx. Anything that says "your mistake" ends the test. */
    String insist(String method, String path, String body) {
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                var answer = send(method, path, body);
                if (answer.statusCode() < 400) {
                    return answer.body();
                }
                if (answer.statusCode() < 500) {
                    throw new AssertionError(
                            method + " " + path + " was answered " + answer.statusCode() + " " + answer.body());
                }
            } catch (IOException down) {
                // Killed, or not there yet.
            }
            refused.incrementAndGet();
            if (System.nanoTime() > until) {
                throw new AssertionError(method + " " + path + " never got a good answer");
            }
            pause(Duration.ofMillis(250));
        }
    }

    /** The first answer that is no fault of theirs, and does not say that the same is still being done. */
    HttpResponse<String> ask(String method, String path, Sent sent) {
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                var answer = send(method, path, sent);
                if (answer.statusCode() < 500 && !answer.body().contains("urn:sojourn:problem:still-running")) {
                    return answer;
                }
            } catch (IOException down) {
                // Killed, or not there yet.
            }
            refused.incrementAndGet();
            if (System.nanoTime() > until) {
                throw new AssertionError(method + " " + path + " never got an answer");
            }
            pause(Duration.ofMillis(250));
        }
    }

    /** A body, what it is, and what other headers go with it. */
    record Sent(String body, String type, Map<String, String> headers) {

        static Sent json(String body) {
            return new Sent(body, "application/json", Map.of());
        }

        /** Done once, however often it is sent. */
        Sent once(String key) {
            return new Sent(body, type, Map.of("Idempotency-Key", key));
        }
    }

    HttpResponse<String> send(String method, String path, String body) throws IOException {
        return send(method, path, Sent.json(body));
    }

    private HttpResponse<String> send(String method, String path, Sent sent) throws IOException {
        var url = urls.get(turn.getAndIncrement() % urls.size());
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", sent.type())
                .method(method, sent.body().isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(sent.body()));
        sent.headers().forEach(request::header);
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
    }

    static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
