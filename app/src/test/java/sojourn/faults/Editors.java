package sojourn.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import sojourn.app.platform.Json;
import sojourn.faults.Outside.Sent;

/** People who make segments, edit and save them or think better of it, stop them, and decide about single contacts. */
final class Editors {

    private final Outside outside;
    private final Facts facts;

    Editors(Outside outside, Facts facts) {
        this.outside = outside;
        this.facts = facts;
    }

    void begin() {
        make(Catalogue.PICKED, "\"kind\": \"static\"");
        make(Catalogue.SYNCED, "\"kind\": \"static\", \"external\": {\"source\": \"crm\"}");
        Catalogue.segments().forEach((key, spec) -> {
            make(key, "\"kind\": \"dynamic\", \"query\": \"" + spec.query() + "\"");
            outside.insist("POST", segment(key) + "/go-live", "");
            Shop.await(
                    key + " is live", () -> read(key).path("state").textValue().equals("live"));
        });
        Catalogue.EDITED.forEach(
                key -> facts.queries.put(key, Catalogue.editions().getFirst().query()));
        outside.insist("POST", "/v1/journeys", """
                {"key": "welcome", "document": {
                   "name": "Welcome", "timeZone": "UTC", "audience": {"segments": ["going"]}, "start": "done",
                   "tiles": {"done": {"type": "end", "outcome": "welcome"}}}}
                """);
        outside.insist("POST", "/v1/journeys/welcome/go-live", "");
        Shop.await(
                "the journey is live",
                () -> outside.insist("GET", "/v1/journeys/welcome", "").contains("\"state\":\"live\""));
    }

    private void make(String key, String rest) {
        outside.insist("POST", "/v1/segments", "{\"key\": \"%1$s\", \"name\": \"%1$s\", %2$s}".formatted(key, rest));
    }

    void keepWorking(SegmentLoad load) {
        load.keepDoing("deciding", Duration.ofMillis(900), this::decide);
        Catalogue.EDITED.forEach(
                key -> load.keepDoing("editing " + key, Duration.ofSeconds(2), random -> edit(key, random)));
        load.keepDoing("stopping and going live", Duration.ofSeconds(6), random -> turn());
        load.keepDoing("evaluating", Duration.ofSeconds(2), this::evaluate);
    }

    private void decide(Random random) {
        var person = 1 + random.nextInt(Facts.PEOPLE / 5);
        var path = segment(Catalogue.DECIDED) + "/overrides/external:" + person;
        var kind = List.of("include", "exclude", "").get(random.nextInt(3));
        if (kind.isEmpty()) {
            assertThat(outside.ask("DELETE", path, Sent.json("")).statusCode()).isIn(200, 204, 404);
            facts.decisions.remove(person);
        } else {
            outside.insist("PUT", path, "{\"kind\": \"" + kind + "\"}");
            facts.decisions.put(person, kind);
        }
    }

    /** Begins an edit, changes it, and saves or discards it; the evaluation that a save needs is not waited for here. */
    private void edit(String key, Random random) {
        var begun = read(key);
        if (begun.at("/draft/saving").booleanValue()) {
            return;
        }
        settle(key, begun);
        var editions = Catalogue.editions();
        var query = editions.get(random.nextInt(editions.size())).query();
        verb(key, "edit", 200);
        change(key, query);
        if (random.nextInt(4) == 0) {
            verb(key, "discard", 200);
        } else {
            // Saved already, where the first answer was lost: then there is no edit any more.
            verb(key, "save", 200, 202, 409);
            facts.saving.put(key, query);
        }
    }

    private void settle(String key, JsonNode segment) {
        assertThat(segment.path("draft").isNull()).as(segment::toString).isTrue();
        var saved = facts.saving.remove(key);
        if (saved != null) {
            facts.queries.put(key, saved);
        }
    }

    private void change(String key, String query) {
        Shop.await("the edit of " + key + " is changed", () -> {
            var version = answer("GET", segment(key), Sent.json(""))
                    .headers()
                    .firstValue("ETag")
                    .orElseThrow();
            var body = "{\"key\": \"%1$s\", \"name\": \"%1$s\", \"kind\": \"dynamic\", \"query\": \"%2$s\"}"
                    .formatted(key, query);
            var sent = new Sent(body, "application/json", Map.of("If-Match", version));
            var answer = outside.ask("PUT", segment(key), sent);
            assertThat(answer.statusCode()).as(answer.body()).isIn(200, 412);
            return answer.statusCode() == 200;
        });
    }

    private void turn() {
        if (facts.stopped.remove(Catalogue.WANING)) {
            verb(Catalogue.WANING, "go-live", 200, 202);
        } else {
            var answer = answer("POST", segment(Catalogue.WANING) + "/stop", Sent.json("{\"force\": true}"));
            assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202);
            facts.stopped.add(Catalogue.WANING);
        }
    }

    private void evaluate(Random random) {
        var keys = List.copyOf(Catalogue.segments().keySet());
        verb(keys.get(random.nextInt(keys.size())), "evaluate", 202, 409);
    }

    private void verb(String key, String verb, Integer... fine) {
        var answer = answer(
                "POST",
                segment(key) + "/" + verb,
                Sent.json("").once(UUID.randomUUID().toString()));
        assertThat(answer.statusCode())
                .as(() -> verb + " " + key + ": " + answer.body())
                .isIn((Object[]) fine);
    }

    private HttpResponse<String> answer(String method, String path, Sent sent) {
        return outside.ask(method, path, sent);
    }

    private JsonNode read(String key) {
        try {
            return Json.mapper().readTree(outside.insist("GET", segment(key), ""));
        } catch (IOException notJson) {
            throw new AssertionError(notJson);
        }
    }

    private static String segment(String key) {
        return "/v1/segments/" + key;
    }
}
