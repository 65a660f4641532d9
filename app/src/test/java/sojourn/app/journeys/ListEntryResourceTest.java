package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Answer;
import sojourn.testing.App;

/** Lists entered over HTTP. */
class ListEntryResourceTest {

    @RegisterExtension
    static final App app = new App();

    private static final String ENTRIES = "/v1/journeys/invite/entries";

    @BeforeAll
    static void goLive() {
        for (var contact : List.of("ada", "bob")) {
            app.request("PUT", "/v1/contacts/external:" + contact, "{}").expect(201);
        }
        app.request("POST", "/v1/segments", "{\"key\": \"guests\", \"name\": \"Guests\", \"kind\": \"static\"}")
                .expect(201);
        app.request("POST", "/v1/segments", """
                {"key": "everybody", "name": "Everybody", "kind": "dynamic", "query": "PROFILE(contact)"}
                """).expect(201);
        app.request("POST", "/v1/journeys", """
                {"key": "invite", "document": {"name": "Invite", "audience": {"segments": ["guests"]},
                 "limits": {"total": 5}, "start": "wait",
                 "tiles": {"wait": {"type": "waitFor", "duration": "P5D", "next": null}}}}
                """).expect(201);
        app.request("POST", ENTRIES, Map.of("segment", "guests")).expect(409);
        app.request("POST", "/v1/journeys/invite/go-live").expect(202);
    }

    @Test
    void a_list_is_a_job_with_the_fate_of_each() {
        var accepted = app.request(
                        "POST", ENTRIES, Map.of("contacts", List.of("external:ada", "external:nobody", "external:bob")))
                .expect(202);
        var job = accepted.header("Location");
        var patience = System.nanoTime() + Answer.SOON.toNanos();
        while (app.request("GET", job).json().path("endedAt").isNull()) {
            assertThat(System.nanoTime()).isLessThan(patience);
            LockSupport.parkNanos(50_000_000);
        }

        assertThat(app.request("GET", job).json().at("/kind").asText()).isEqualTo("journey-entries");
        var results = ENTRIES + "/" + accepted.json().path("id").asText();
        var first = app.request("GET", results + "?limit=2").expect(200).json();
        assertThat(first.at("/items/0/externalId").asText()).isEqualTo("ada");
        assertThat(first.at("/items/0/result").asText()).isEqualTo("waiting");
        assertThat(first.at("/items/1/contactId").isNull()).isTrue();
        assertThat(first.at("/items/1/result").asText()).isEqualTo("unknown-contact");
        var second = app.request(
                        "GET", results + "?limit=2&cursor=" + first.path("next").asText())
                .expect(200)
                .json();
        assertThat(second.at("/items/0/no").asLong()).isEqualTo(3);
        assertThat(second.path("next").isNull()).isTrue();
        assertThat(app.request("GET", results + "?result=waiting").json().path("items"))
                .hasSize(2);
        while (app.request("GET", "/v1/journeys/invite/insights")
                        .json()
                        .path("entered")
                        .asInt()
                < 2) {
            assertThat(System.nanoTime()).isLessThan(patience);
            LockSupport.parkNanos(50_000_000);
        }
        assertThat(app.request("GET", "/v1/journeys/invite/insights")
                        .json()
                        .path("waiting")
                        .asInt())
                .isZero();
        app.request(
                        "GET",
                        "/v1/journeys/nothing/entries/"
                                + accepted.json().path("id").asText())
                .expect(404);
    }

    @Test
    void what_does_not_fit_is_said() {
        assertCode("{}", "segment-or-contacts");
        assertCode("{\"segment\": \"guests\", \"contacts\": [\"external:ada\"]}", "segment-or-contacts");
        assertCode("{\"segment\": \"nobody\"}", "unknown-segment");
        assertCode("{\"segment\": \"everybody\"}", "not-static");
        app.request("POST", ENTRIES, "{\"contacts\": []}").expect(422);
        app.request("POST", "/v1/journeys/nothing/entries", Map.of("segment", "guests"))
                .expect(404);
        app.request("GET", ENTRIES + "/0193a7c2-5b7e-7cc0-9d52-0242ac120002").expect(404);
    }

    private static void assertCode(String body, String code) {
        var errors = app.request("POST", ENTRIES, body).expect(422).json().path("errors");
        assertThat(errors.get(0).path("code").asText()).isEqualTo(code);
    }
}
