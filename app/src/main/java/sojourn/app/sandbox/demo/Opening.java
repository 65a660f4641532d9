package sojourn.app.sandbox.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sojourn.app.platform.Json;
import sojourn.app.sandbox.SandboxException;

/**
 * Sets the shop up: types, customers, purchases, segments, messages, the journey. What is there already stays, so an
 * opening that was broken off is simply begun again.
 */
final class Opening {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private final Api admin;
    private final Intake intake;
    private final Terminal terminal;

    Opening(Api admin, Intake intake, Terminal terminal) {
        this.admin = admin;
        this.intake = intake;
        this.terminal = terminal;
    }

    /** Brings the shop's people and purchases in and counts them by segments. Says whether all counts are as they must be. */
    boolean ofBooks(Shop shop) throws InterruptedException {
        terminal.say("%nOpening %s.", shop.name());
        create("/v1/interaction-types", WinBack.PURCHASE_TYPE);
        admin.send("PATCH", "/v1/profile-types/contact", WinBack.CONTACT_ATTRIBUTES)
                .expect(200);
        var rows = new ArrayList<Comparison>();
        rows.add(new Comparison("customers", shop.customers().size(), intake.contacts(shop), "the import"));
        rows.add(new Comparison("purchases", shop.purchases(), intake.purchases(shop), "the ingestion"));

        var facts = Facts.of(shop);
        var segments = new LinkedHashMap<String, String>();
        facts.forEach(fact -> segments.put(fact.segment(), fact.query()));
        segments.putAll(WinBack.SEGMENTS);
        var begun = System.nanoTime();
        makeLive(segments);
        terminal.say("  %,9d segments live in %.1f s", segments.size(), (System.nanoTime() - begun) / 1e9);
        for (var fact : facts) {
            rows.add(new Comparison(fact.text(), fact.count(), size(fact.segment()), "segment " + fact.segment()));
        }
        Comparison.print(terminal, "by the shop's books", rows);
        return Comparison.areEqual(rows);
    }

    /** Writes the messages and the journey. Returns how many people are in the audience. */
    long ofCampaign(String audience, int wait) throws InterruptedException {
        for (var message : WinBack.MESSAGES) {
            create("/v1/messages", Json.mapper().valueToTree(message).toString());
            admin.send("POST", "/v1/messages/" + message.key() + "/go-live").expect(200);
        }
        create("/v1/journeys", WinBack.journey(audience, wait));
        var place = "/v1/journeys/" + WinBack.JOURNEY;
        var problems = admin.send("POST", place + "/check").expect(200).body().path("problems");
        problems.forEach(problem -> terminal.say("  the check of the journey says: %s", problem));
        var members = size(audience);
        goLive(place);
        return members;
    }

    /** Takes it live and waits until it is. */
    void goLive(String place) throws InterruptedException {
        admin.send("POST", place + "/go-live").expect(200, 202);
        awaitLive(place);
    }

    long size(String segment) throws InterruptedException {
        return admin.get("/v1/segments/" + segment).path("size").asLong();
    }

    /** All at once; those built on others when these are live. */
    private void makeLive(Map<String, String> queries) throws InterruptedException {
        for (var segment : queries.entrySet()) {
            var body = JsonNodeFactory.instance
                    .objectNode()
                    .put("key", segment.getKey())
                    .put("kind", "dynamic")
                    .put("timeZone", "UTC")
                    .put("query", segment.getValue());
            create("/v1/segments", body.toString());
        }
        for (var builtOnOthers : List.of(false, true)) {
            var keys = queries.entrySet().stream()
                    .filter(segment -> segment.getValue().contains("SEGMENT(") == builtOnOthers)
                    .map(Map.Entry::getKey)
                    .toList();
            for (var key : keys) {
                admin.send("POST", "/v1/segments/" + key + "/go-live").expect(200, 202);
            }
            for (var key : keys) {
                awaitLive("/v1/segments/" + key);
            }
        }
    }

    void awaitLive(String place) throws InterruptedException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        var record = admin.get(place);
        while (!record.path("state").asText().equals("live")) {
            if (record.path("state").asText().equals("error") || System.nanoTime() > end) {
                throw new SandboxException(place + " does not go live: " + record);
            }
            Thread.sleep(BETWEEN_LOOKS);
            record = admin.get(place);
        }
    }

    /** 409: it is there already, from an opening that was broken off. */
    private void create(String place, String json) throws InterruptedException {
        admin.send("POST", place, json).expect(201, 409);
    }
}
