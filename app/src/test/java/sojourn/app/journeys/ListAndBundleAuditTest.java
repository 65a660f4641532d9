package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Answer;
import sojourn.testing.App;
import sojourn.testing.Noted;

/** What a bundle makes of other features, and whom a list lets in, is in the audit log with who had it done. */
class ListAndBundleAuditTest {

    @RegisterExtension
    static final App app = new App();

    @Test
    void everything_that_a_bundle_makes_or_replaces_is_kept_by_its_importer() {
        var bundle = """
                {"journeys": [{"key": "bundled", "document": {"audience": {"segments": ["guests"]}, "start": "hello",
                   "tiles": {"hello": {"type": "email", "message": "hello", "next": null}}}}],
                 "segments": [{"key": "guests", "name": "Guests", "kind": "dynamic", "query": "INTERACTION(Booked)"}],
                 "messages": [{"key": "hello", "channel": "email", "purpose": "commercial", "from": "shop@example.com",
                   "subject": "%s", "text": "Hello"}],
                 "declarations": {"attributes": {"contact": {"nick": "text"}}, "interactionTypes": {"Booked": {"seats": "number"}}}}
                """;
        app.request("POST", "/v1/journeys/import", bundle.formatted("Hi")).expect(201);
        app.request("POST", "/v1/journeys/import", bundle.formatted("Hi")).expect(200);
        app.request("POST", "/v1/journeys/import?conflicts=refuse", bundle.formatted("Bye"))
                .expect(422);
        app.request(
                        "POST",
                        "/v1/journeys/import?conflicts=replace",
                        bundle.formatted("Bye").replace("Guests", "Our guests"))
                .expect(200);

        assertThat(Noted.about(app, "message", "hello"))
                .containsExactly(
                        Noted.of("created", "{\"from\": \"bundle\"}"), Noted.of("edited", "{\"from\": \"bundle\"}"));
        assertThat(Noted.about(app, "segment", "guests"))
                .containsExactly(
                        Noted.of("created", "{\"kind\": \"dynamic\", \"from\": \"bundle\"}"),
                        Noted.of("edited", "{\"beside\": false}"));
        assertThat(Noted.about(app, "profile-type", "contact"))
                .containsExactly(Noted.of("changed", "{\"added\": [\"nick\"]}"));
        assertThat(Noted.about(app, "interaction-type", "Booked"))
                .containsExactly(Noted.of("created", "{\"added\": [\"seats\"]}"));
        assertThat(Noted.about(app, "journey", "bundled"))
                .extracting(Noted::action)
                .containsExactly("created");
        var imported = Noted.entries(app, "by=test%20admin").stream()
                .filter(entry -> entry.path("reason").asText().equals("imported"))
                .toList();
        assertThat(imported).hasSize(7).allMatch(entry -> entry.path("keyId").isTextual());
    }

    @Test
    void a_list_that_was_let_in_is_one_entry_of_the_journey() {
        for (var contact : List.of("ada", "bob")) {
            app.request("PUT", "/v1/contacts/external:" + contact, "{}").expect(201);
        }
        app.request("POST", "/v1/segments", "{\"key\": \"nobody\", \"kind\": \"static\"}")
                .expect(201);
        app.request("POST", "/v1/journeys", """
                {"key": "invite", "document": {"audience": {"segments": ["nobody"]}, "start": "wait",
                 "tiles": {"wait": {"type": "waitFor", "duration": "P5D", "next": null}}}}
                """).expect(201);
        app.request("POST", "/v1/journeys/invite/go-live").expect(202);

        var guests = List.of("external:ada", "external:unknown", "external:bob");
        var jobs = List.of(enter(guests), enter(List.of("external:unknown")));

        var noted = Noted.about(app, "journey", "invite").stream()
                .filter(each -> each.action().equals("list-entered"))
                .toList();
        assertThat(noted)
                .containsExactly(Noted.of(
                        "list-entered", "{\"job\": \"" + jobs.getFirst() + "\", \"entered\": 2, \"waiting\": 0}"));
        assertThat(Noted.entries(app, "thing=invite&action=list-entered")
                        .getFirst()
                        .path("by")
                        .asText())
                .isEqualTo("test admin");
    }

    /** The id of the job, which has ended. */
    private static String enter(List<String> contacts) {
        var job = app.request("POST", "/v1/journeys/invite/entries", Map.of("contacts", contacts))
                .expect(202)
                .json()
                .path("id")
                .asText();
        var patience = System.nanoTime() + Answer.SOON.toNanos();
        while (app.request("GET", "/v1/jobs/" + job).json().path("endedAt").isNull()) {
            assertThat(System.nanoTime()).isLessThan(patience);
            LockSupport.parkNanos(50_000_000);
        }
        return job;
    }
}
