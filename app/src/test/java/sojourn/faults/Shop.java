package sojourn.faults;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.JdbiException;
import sojourn.app.platform.Json;

/** A journey of two emails for everybody there is; who clicks is through sooner, who buys leaves at once. */
final class Shop {

    static final Duration LIMIT = Duration.ofSeconds(12);

    private Shop() {}

    static void open(Outside outside) throws Exception {
        outside.insist("POST", "/v1/interaction-types", """
                {"key": "Purchase", "properties": {"amount": "number", "cds": "number"}}
                """);
        outside.insist("POST", "/v1/segments", """
                {"key": "everybody", "name": "Everybody", "kind": "dynamic", "query": "PROFILE(contact)"}
                """);
        outside.insist("POST", "/v1/segments/everybody/go-live", "");
        message(outside, "hello");
        message(outside, "remind");
        await(
                "the segment is live",
                () -> state(outside, "/v1/segments/everybody").equals("live"));
        outside.insist("POST", "/v1/journeys", """
                {"key": "welcome", "document": {
                   "name": "Welcome", "timeZone": "UTC",
                   "audience": {"segments": ["everybody"]},
                   "exit": {"interactions": [{"type": "Purchase", "filter": "amount > 0"}]},
                   "start": "hello",
                   "tiles": {
                     "hello": {"type": "email", "message": "hello", "next": "pause"},
                     "pause": {"type": "waitFor", "duration": "PT4S", "next": "clicked"},
                     "clicked": {"type": "ifThen", "timeLimit": "%s", "since": "run", "otherwise": "remind", "branches": [
                       {"name": "yes", "when": [{"interaction": {"type": "EmailClicked", "of": "hello"}}], "next": "bye"}]},
                     "bye": {"type": "end", "outcome": "clicked"},
                     "remind": {"type": "email", "message": "remind", "next": "last"},
                     "last": {"type": "waitFor", "duration": "PT4S", "next": null}}}}
                """.formatted(LIMIT));
        outside.insist("POST", "/v1/journeys/welcome/go-live", "");
        await(
                "the journey is live",
                () -> state(outside, "/v1/journeys/welcome").equals("live"));
    }

    private static void message(Outside outside, String key) {
        outside.insist("POST", "/v1/messages", """
                {"key": "%s", "channel": "email", "purpose": "commercial", "from": "Shop <shop@example.com>",
                 "subject": "%s, {{ contact.firstName | default: 'you' }}",
                 "html": "<p>Hello <a href=\\"https://shop.example.com/new\\">see what is new</a></p>"}
                """.formatted(key, key));
        outside.insist("POST", "/v1/messages/" + key + "/go-live", "");
    }

    private static String state(Outside outside, String path) {
        try {
            return Json.mapper()
                    .readTree(outside.insist("GET", path, ""))
                    .at("/state")
                    .asText();
        } catch (java.io.IOException notJson) {
            throw new AssertionError(notJson);
        }
    }

    /** Asks until something holds; a PostgreSQL that dies or is just being started again is asked again, too. */
    static void await(String what, BooleanSupplier holds) {
        var until = System.nanoTime() + Duration.ofMinutes(4).toNanos();
        while (!holdsNow(holds)) {
            if (System.nanoTime() > until) {
                throw new AssertionError("In vain: " + what);
            }
            Outside.pause(Duration.ofMillis(250));
        }
    }

    private static boolean holdsNow(BooleanSupplier holds) {
        try {
            return holds.getAsBoolean();
        } catch (JdbiException notYet) {
            return false;
        }
    }
}
