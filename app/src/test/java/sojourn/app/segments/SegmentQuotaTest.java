package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Answer;
import sojourn.testing.App;

class SegmentQuotaTest {

    @RegisterExtension
    static final App app = new App().with("segments.quota", "3");

    @Test
    void of_many_who_go_live_at_once_as_many_get_a_place_as_there_are() {
        app.request("POST", "/v1/segments", Map.of("key", "picked", "kind", "static"))
                .expect(201);
        for (var number = 0; number < 8; number++) {
            app.request("POST", "/v1/segments", Map.of("key", "s" + number, "query", "PROFILE(contact)"))
                    .expect(201);
        }

        var answers = IntStream.range(0, 8)
                .mapToObj(number -> CompletableFuture.supplyAsync(() -> goLive("s" + number)))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        var statuses = answers.stream().map(Answer::status).toList();
        assertThat(statuses).containsOnly(202, 409);
        assertThat(statuses.stream().filter(status -> status == 202)).hasSize(3);
        var refused = answers.stream()
                .filter(answer -> answer.status() == 409)
                .findFirst()
                .orElseThrow();
        assertThat(refused.json().path("type").asText()).isEqualTo("urn:sojourn:problem:quota-exceeded");
        assertThat(refused.json().path("detail").asText()).contains("Of the 3 places", "could be stopped: s");
        var usage = app.request("GET", "/v1/segments/quota").expect(200).json();
        assertThat(usage.path("limit").asInt()).isEqualTo(3);
        assertThat(usage.path("used").asInt()).isEqualTo(3);
        assertThat(usage.path("by").findValuesAsText("kind")).isEqualTo(List.of("segment", "segment", "segment"));

        var live = usage.at("/by/0/key").asText();
        app.request("POST", "/v1/segments/" + live + "/stop").expect(202);
        assertThat(app.request("GET", "/v1/segments/quota").json().path("used").asInt())
                .isEqualTo(2);
        goLive(live).expect(202);
        goLive(live);
    }

    private static Answer goLive(String segment) {
        return app.request("POST", "/v1/segments/" + segment + "/go-live");
    }
}
