package sojourn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.Transactions;
import sojourn.testing.Answer;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** What is kept for whoever sends a request twice has nothing of a contact that was erased. */
class StoredAnswersTest {

    @RegisterExtension
    static final App app = new App();

    @BeforeAll
    static void define() {
        app.request("POST", "/v1/interaction-types", Map.of("key", "Purchase", "properties", Map.of()))
                .expect(201);
        app.request("POST", "/v1/segments", Map.of("key", "few", "name", "Few", "kind", "static"))
                .expect(201);
        app.request("POST", "/v1/messages", """
                {"key": "hello", "channel": "email", "purpose": "commercial", "from": "Shop <shop@example.com>",
                 "subject": "Hello {{ contact.firstName }}", "text": "Hello"}
                """).expect(201);
        app.request("POST", "/v1/journeys", """
                {"key": "rest", "document": {"name": "Rest", "timeZone": "UTC", "audience": {"segments": ["few"]},
                 "start": "wait", "tiles": {"wait": {"type": "waitFor", "duration": "P5D", "next": null}}}}
                """).expect(201);
        app.request("POST", "/v1/journeys/rest/go-live").expect(202);
    }

    @Test
    void they_go_with_the_contact_and_those_of_others_stay() {
        contact("adalovelace");
        contact("bobross");
        var ada = Map.of("contact", "external:adalovelace");
        var bob = Map.of("contact", "external:bobross");
        var batch = "[{\"id\": \"adalovelace-1\", \"type\": \"Purchas\", \"contact\": \"external:adalovelace\"}]";
        once("enter", "/v1/journeys/rest/enter", ada).expect(201);
        once("enter again", "/v1/journeys/rest/enter", ada).expect(409);
        once("preview", "/v1/messages/hello/preview", ada).expect(200);
        once("purchase", "/v1/interactions", batch).expect(200);
        once("preview of bob", "/v1/messages/hello/preview", bob).expect(200);
        once("key", "/v1/api-keys", Map.of("name", "shop", "role", "viewer")).expect(201);
        assertThat(storedAbout("adalovelace")).isGreaterThanOrEqualTo(3);

        app.request("DELETE", "/v1/contacts/external:adalovelace").expect(204);

        assertThat(storedAbout("adalovelace")).isZero();
        var replayed = once("preview of bob", "/v1/messages/hello/preview", bob);
        assertThat(replayed.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(replayed.json().get("subject").asText()).isEqualTo("Hello bobross");
        assertThat(once("key", "/v1/api-keys", Map.of("name", "shop", "role", "viewer"))
                        .header("Idempotent-Replayed"))
                .isEqualTo("true");
        assertThat(once("preview", "/v1/messages/hello/preview", ada).status()).isEqualTo(422);
    }

    @Test
    void an_answer_that_is_ready_only_after_the_erasure_is_not_kept() {
        contact("evelate");
        var preview = new CompletableFuture<Answer>();

        Transactions.use(app.jdbi(), erasing -> {
            erasing.execute("select pg_advisory_xact_lock(7305002)");
            Thread.ofVirtual()
                    .start(() -> preview.complete(
                            once("late", "/v1/messages/hello/preview", Map.of("contact", "external:evelate"))));
            Eventually.holds(
                    "the answer waits to be stored",
                    () -> count("select count(*) from pg_locks where locktype = 'advisory' and not granted") == 1);
            erasing.execute("update contact set state = 'erased' where external_id = 'evelate'");
        });

        assertThat(preview.join().expect(200).json().get("subject").asText()).isEqualTo("Hello evelate");
        assertThat(count("select count(*) from idempotent_request where key = 'late'"))
                .isZero();
    }

    private static void contact(String name) {
        app.request("PUT", "/v1/contacts/external:" + name, Map.of("firstName", name))
                .expect(201);
    }

    private static Answer once(String key, String path, Object body) {
        return app.admin().with("Idempotency-Key", key).request("POST", path, body);
    }

    private static int storedAbout(String name) {
        return count("select count(*) from idempotent_request where convert_from(body, 'UTF8') like '%" + name
                + "%' or headers::text like '%" + name + "%'");
    }

    private static int count(String sql) {
        return app.jdbi()
                .withHandle(handle -> handle.select(sql).mapTo(Integer.class).one());
    }
}
