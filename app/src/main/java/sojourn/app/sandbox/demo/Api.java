package sojourn.app.sandbox.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import sojourn.app.platform.Json;
import sojourn.app.sandbox.SandboxException;

/** Sojourn's HTTP API, as an outside system with a key sees it. */
final class Api {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PATIENCE_WITH_STREAMS = Duration.ofMinutes(30);

    /** What came back; the body is missing when it is no JSON. */
    record Answer(String request, int status, JsonNode body) {

        /** Itself, or an exception that says what was answered instead. */
        Answer expect(int... wanted) {
            for (var one : wanted) {
                if (status == one) {
                    return this;
                }
            }
            throw new SandboxException(request + " was answered with " + status + ": " + body);
        }
    }

    private final HttpClient http;
    private final URI url;
    private final String key;

    Api(HttpClient http, URI url, String key) {
        this.http = http;
        this.url = url;
        this.key = key;
    }

    /** The same with another key. */
    Api withKey(String other) {
        return new Api(http, url, other);
    }

    JsonNode get(String path) throws InterruptedException {
        return send("GET", path, BodyPublishers.noBody()).expect(200).body();
    }

    Answer send(String method, String path) throws InterruptedException {
        return send(method, path, BodyPublishers.noBody());
    }

    /** Sends a body that is JSON already. */
    Answer send(String method, String path, String json) throws InterruptedException {
        return send(method, path, BodyPublishers.ofString(json));
    }

    private Answer send(String method, String path, BodyPublisher body) throws InterruptedException {
        var request =
                request(path, "application/json", PATIENCE).method(method, body).build();
        try {
            return answer(http.send(request, BodyHandlers.ofString()));
        } catch (IOException failure) {
            throw new SandboxException(method + " " + path + " cannot be sent: " + failure, failure);
        }
    }

    /** Streams lines of JSON, which are made while they are sent. */
    CompletableFuture<Answer> stream(String path, Supplier<InputStream> lines) {
        var request = request(path, "application/x-ndjson", PATIENCE_WITH_STREAMS)
                .POST(BodyPublishers.ofInputStream(lines))
                .build();
        return http.sendAsync(request, BodyHandlers.ofString()).thenApply(Api::answer);
    }

    private HttpRequest.Builder request(String path, String contentType, Duration patience) {
        return HttpRequest.newBuilder(url.resolve(path))
                .timeout(patience)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", contentType);
    }

    private static Answer answer(HttpResponse<String> response) {
        var request = response.request().method() + " " + response.uri().getPath();
        return new Answer(request, response.statusCode(), json(response.body()));
    }

    private static JsonNode json(String body) {
        try {
            return body.isEmpty() ? MissingNode.getInstance() : Json.mapper().readTree(body);
        } catch (JsonProcessingException notJson) {
            return MissingNode.getInstance();
        }
    }
}
