package sojourn.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;
import sojourn.app.platform.Json;

/** What the audit log says was done, as the API shows it. */
public record Noted(String action, JsonNode details) {

    /** To compare with. */
    public static Noted of(String action, String details) {
        try {
            return new Noted(action, Json.mapper().readTree(details));
        } catch (JsonProcessingException notJson) {
            throw new IllegalArgumentException(notJson);
        }
    }

    /** What was done to a thing, oldest first. */
    public static List<Noted> about(App app, String kind, String thing) {
        return entries(app, "kind=" + kind + "&thing=" + thing).reversed().stream()
                .map(entry -> new Noted(entry.path("action").asText(), entry.path("details")))
                .toList();
    }

    /** The first 1,000 entries of a question, newest first. */
    public static List<JsonNode> entries(App app, String query) {
        var items = app.request("GET", "/v1/audit?limit=1000&" + query)
                .expect(200)
                .json()
                .path("items");
        return StreamSupport.stream(items.spliterator(), false).toList();
    }
}
