package sojourn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;

/** Every record says its version, and whoever sends it back changes nothing that somebody else has changed since. */
class EtagsTest {

    @RegisterExtension
    static final App app = new App();

    private static final String KEY = "{\"name\": \"shop\", \"role\": \"viewer\"}";

    @BeforeAll
    static void define() {
        app.request("POST", "/v1/interaction-types", "{\"key\": \"Purchase\", \"properties\": {}}")
                .expect(201);
        // Without an address: the delivery is blocked at once and stays so.
        app.request("PUT", "/v1/contacts/external:ada", "{}").expect(201);
        app.request("POST", "/v1/segments", "{\"key\": \"few\", \"name\": \"Few\", \"kind\": \"static\"}")
                .expect(201);
        app.request("POST", "/v1/messages", """
                {"key": "hello", "channel": "email", "purpose": "commercial", "from": "Shop <shop@example.com>",
                 "subject": "Hello", "text": "Hello"}
                """).expect(201);
        app.request("POST", "/v1/messages/hello/go-live").expect(200);
        app.request("POST", "/v1/journeys", """
                {"key": "greet", "document": {"name": "Greet", "timeZone": "UTC", "audience": {"segments": ["few"]},
                 "start": "hello", "tiles": {
                    "hello": {"type": "email", "message": "hello", "expiry": "P1D", "next": "wait"},
                    "wait": {"type": "waitFor", "duration": "P5D", "next": null}}}}
                """).expect(201);
        app.request("POST", "/v1/journeys/greet/go-live").expect(202);
    }

    @Test
    void every_record_has_one_that_stays_while_the_record_does() {
        var key = app.request("POST", "/v1/api-keys", KEY).header("Location");
        var job = app.admin()
                .with("Content-Type", "text/csv")
                .request("POST", "/v1/contacts/import", "externalId\nbob\n")
                .expect(202)
                .header("Location");
        eventually(job, "\"state\":\"succeeded\"");
        var run = app.request("POST", "/v1/journeys/greet/enter", Map.of("contact", "external:ada"))
                .expect(201)
                .header("Location");
        eventually(run, "\"tile\":\"wait\"");
        var delivery = "/v1/deliveries/"
                + app.request("GET", "/v1/deliveries?journey=greet")
                        .json()
                        .at("/items/0/id")
                        .asText();

        var records = List.of(
                key,
                job,
                run,
                delivery,
                "/v1/contacts/external:ada",
                "/v1/contacts/external:ada/consents",
                "/v1/profile-types/contact",
                "/v1/interaction-types/Purchase",
                "/v1/segments/few",
                "/v1/messages/hello",
                "/v1/journeys/greet");

        var tags = new TreeSet<String>();
        for (var record : records) {
            var first = app.request("GET", record).expect(200);
            var second = app.request("GET", record).expect(200);
            assertThat(first.header("ETag")).as(record).matches("\"-?\\d+\"");
            assertThat(second.header("ETag")).as(record).isEqualTo(first.header("ETag"));
            tags.add(first.header("ETag"));
        }
        assertThat(tags).hasSizeGreaterThan(3);
    }

    @Test
    void a_key_that_another_admin_has_changed_is_neither_renewed_nor_revoked() {
        var made = app.request("POST", "/v1/api-keys", KEY).expect(201);
        var key = made.header("Location");
        var known = app.admin().with("If-Match", made.header("ETag"));
        assertThat(app.request("GET", key).header("ETag")).isEqualTo(made.header("ETag"));

        var renewed = known.request("POST", key + "/rotate").expect(201);

        assertThat(renewed.header("ETag")).isNotEmpty().isNotEqualTo(made.header("ETag"));
        known.request("POST", key + "/rotate").expect(412);
        known.request("DELETE", key).expect(412);
        app.admin()
                .with("If-Match", app.request("GET", key).header("ETag"))
                .request("DELETE", key)
                .expect(204);
    }

    @Test
    void use_leaves_the_etag_of_a_key_as_it_is() {
        var made = app.request("POST", "/v1/api-keys", KEY.replace("viewer", "admin"));

        var used = app.anonymous()
                .withKey(made.json().get("key").asText())
                .request("GET", made.header("Location"))
                .expect(200);

        assertThat(used.json().get("lastUsedAt").isNull()).isFalse();
        assertThat(used.header("ETag")).isEqualTo(made.header("ETag"));
    }

    @Test
    void consents_said_meanwhile_are_not_written_over() {
        app.request("PUT", "/v1/contacts/external:eve", "{\"email\": \"eve@example.com\"}")
                .expect(201);
        var consents = "/v1/contacts/external:eve/consents";
        var said = "{\"items\": [{\"purpose\": \"commercial\", \"state\": \"out\"}]}";
        var before = app.request("GET", consents).header("ETag");

        var first = app.admin()
                .with("If-Match", before)
                .request("PUT", consents, said)
                .expect(200);
        var second = app.admin().with("If-Match", before).request("PUT", consents, said.replace("out", "in"));

        assertThat(first.header("ETag")).isEqualTo(app.request("GET", consents).header("ETag"));
        assertThat(second.status()).isEqualTo(412);
    }

    @Test
    void a_segment_that_was_changed_meanwhile_is_not_deleted() {
        var segment = "{\"key\": \"brief\", \"name\": \"Brief\", \"kind\": \"static\"}";
        var made = app.request("POST", "/v1/segments", segment).expect(201).header("ETag");
        var changed = app.admin()
                .with("If-Match", made)
                .request("PUT", "/v1/segments/brief", segment.replace("Brief", "Short"))
                .expect(200)
                .header("ETag");

        app.admin()
                .with("If-Match", made)
                .request("DELETE", "/v1/segments/brief")
                .expect(412);
        app.admin()
                .with("If-Match", changed)
                .request("DELETE", "/v1/segments/brief")
                .expect(204);
    }

    @Test
    void a_verb_needs_none_and_heeds_one() {
        var first = app.request("GET", "/v1/segments/few").header("ETag");
        var stale = app.admin().with("If-Match", "\"4711\"");

        for (var verb : List.of(
                "segments/few/go-live",
                "segments/few/stop",
                "segments/few/edit",
                "segments/few/save",
                "segments/few/discard",
                "segments/few/evaluate",
                "journeys/greet/go-live",
                "journeys/greet/stop",
                "messages/hello/go-live",
                "messages/hello/stop")) {
            assertThat(stale.request("POST", "/v1/" + verb).status()).as(verb).isEqualTo(412);
        }

        app.admin()
                .with("If-Match", first)
                .request("POST", "/v1/segments/few/go-live")
                .expect(200);
        app.request("POST", "/v1/segments/few/go-live").expect(200);
    }

    private static void eventually(String path, String text) {
        var end = System.nanoTime() + 30_000_000_000L;
        while (!app.request("GET", path).body().contains(text)) {
            assertThat(System.nanoTime()).as("%s shows %s", path, text).isLessThan(end);
            LockSupport.parkNanos(50_000_000);
        }
    }
}
