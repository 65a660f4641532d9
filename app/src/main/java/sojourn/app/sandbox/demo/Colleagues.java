package sojourn.app.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** The people on the inside: they do most of what journeys ask them to, and never get to the rest. */
final class Colleagues {

    private static final double DOES_IT = 0.7;

    private final Api api;
    private final long seed;
    private final Set<String> seen = new HashSet<>();
    private int done;

    Colleagues(Api api, long seed) {
        this.api = api;
        this.seed = seed;
    }

    /** Takes up what is new. */
    void work() throws InterruptedException {
        var open = api.get("/v1/tasks?state=open&limit=1000");
        for (var task : open.path("items")) {
            if (seen.add(task.path("id").asText()) && does(task)) {
                api.send("POST", "/v1/tasks/" + task.path("id").asText() + "/complete", "{\"outcome\": \"reached\"}")
                        .expect(200);
                done++;
            }
        }
    }

    private boolean does(JsonNode task) {
        var chance = new Random(seed
                ^ Objects.hash(
                        task.path("externalId").asText(), task.path("tile").asText()));
        return chance.nextDouble() < DOES_IT;
    }

    /** Empty when there was nothing to do. */
    Optional<String> report() {
        return seen.isEmpty()
                ? Optional.empty()
                : Optional.of(String.format(Locale.ROOT, "%,d tasks, of which they have done %,d", seen.size(), done));
    }
}
