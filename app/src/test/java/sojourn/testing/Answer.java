package sojourn.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;
import java.time.Duration;
import sojourn.app.platform.Json;

/** What a request was answered. */
public record Answer(int status, HttpHeaders headers, String body, Duration took) {

    /** Within this it came at all: long on the slowest machine, and short for what would take for ever. No measure of speed. */
    public static final Duration SOON = Duration.ofSeconds(45);

    public JsonNode json() {
        try {
            return Json.mapper().readTree(body);
        } catch (JsonProcessingException notJson) {
            throw new AssertionError("The answer " + status + " is not JSON: " + body, notJson);
        }
    }

    /** A header's value; empty when it is not there. */
    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** This answer, when it has the status; a failed test with the whole answer otherwise. */
    public Answer expect(int status) {
        if (this.status != status) {
            throw new AssertionError("Expected " + status + " but got " + this.status + ": " + body);
        }
        return this;
    }
}
