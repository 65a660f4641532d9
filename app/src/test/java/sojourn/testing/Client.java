package sojourn.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Json;

/** Speaks to the API as an outside system would, with one key and a set of headers. */
public final class Client {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String url;
    private final Map<String, String> headers;

    Client(String url, @Nullable Map<String, String> headers) {
        this.url = url;
        this.headers = headers == null ? Map.of("Content-Type", "application/json") : Map.copyOf(headers);
    }

    public Client withKey(String key) {
        return with("Authorization", "Bearer " + key);
    }

    /** The same client, sending this header too, or with another value. */
    public Client with(String header, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Client(url, more);
    }

    Client at(String otherUrl) {
        return new Client(otherUrl, headers);
    }

    public Answer request(String method, String path) {
        return request(method, path, null);
    }

    /** Sends a body as it is when it is text or a publisher, else as JSON. */
    public Answer request(String method, String path, @Nullable Object body) {
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, publisher(body));
        headers.forEach(request::header);
        try {
            var sent = System.nanoTime();
            var response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers(),
                    response.body(),
                    Duration.ofNanos(System.nanoTime() - sent));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    private static HttpRequest.BodyPublisher publisher(@Nullable Object body) {
        try {
            return switch (body) {
                case null -> HttpRequest.BodyPublishers.noBody();
                case HttpRequest.BodyPublisher publisher -> publisher;
                case String text -> HttpRequest.BodyPublishers.ofString(text);
                case Object value ->
                    HttpRequest.BodyPublishers.ofByteArray(Json.mapper().writeValueAsBytes(value));
            };
        } catch (JsonProcessingException notJson) {
            throw new IllegalArgumentException(notJson);
        }
    }
}
