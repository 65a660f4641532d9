package sojourn.app.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fetches the mails that have come since the last look. */
final class Letterbox {

    private final Api api;
    private @Nullable String newest;

    /** @param newest id of the last mail that was fetched before, if any was */
    Letterbox(Api api, @Nullable String newest) {
        this.api = api;
        this.newest = newest;
    }

    @Nullable
    String newest() {
        return newest;
    }

    /** Oldest first. */
    List<JsonNode> fetch() throws InterruptedException {
        var fresh = new ArrayList<JsonNode>();
        var page = "/dev/mails?sort=-receivedAt&limit=200";
        for (var next = page; next != null; ) {
            var answer = api.get(next);
            next = answer.path("next").isTextual()
                    ? page + "&cursor=" + URLEncoder.encode(answer.path("next").asText(), StandardCharsets.UTF_8)
                    : null;
            for (var mail : answer.path("items")) {
                if (mail.path("id").asText().equals(newest)) {
                    next = null;
                    break;
                }
                fresh.add(mail);
            }
        }
        if (!fresh.isEmpty()) {
            newest = fresh.getFirst().path("id").asText();
        }
        return fresh.reversed();
    }
}
