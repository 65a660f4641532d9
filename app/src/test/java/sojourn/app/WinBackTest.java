package sojourn.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.mail.MessagingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;
import sojourn.testing.Eventually;
import sojourn.testing.Mailbox;

/**
 * The main job as its users see it, over HTTP alone: people fall lapsed by their purchases, enter a win-back journey, get
 * an email over SMTP, are woken by what they do, and leave the moment they buy.
 */
class WinBackTest {

    private static final Mailbox mailbox = new Mailbox();

    @RegisterExtension
    static final App app = new App().with("smtp.port", String.valueOf(mailbox.port()));

    @BeforeAll
    static void define() {
        app.request("POST", "/v1/interaction-types", """
                {"key": "Purchase", "properties": {"amount": "number", "cds": "number"}}
                """).expect(201);
        app.request("PATCH", "/v1/profile-types/contact", """
                {"attributes": {"tier": {"type": "option", "options": ["gold", "silver"]}}}
                """).expect(200);
        app.request("POST", "/v1/segments", """
                {"key": "lapsed-60d", "name": "Lapsed buyers", "kind": "dynamic", "timeZone": "Europe/Berlin",
                 "query": "INTERACTION(Purchase) EXCEPT INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(60))"}
                """).expect(201);
        app.request("POST", "/v1/segments/lapsed-60d/go-live").expect(202);
        app.request("POST", "/v1/messages", """
                {"key": "we-miss-you", "channel": "email", "purpose": "commercial", "from": "Shop <shop@example.com>",
                 "subject": "{{ contact.firstName | default: 'Hello' }}, we miss you",
                 "html": "<p>Hello <a href=\\"https://shop.example.com/new\\">see what is new</a></p>"}
                """).expect(201);
        app.request("POST", "/v1/messages/we-miss-you/go-live").expect(200);
        Eventually.holds(
                "the segment is live", () -> state("/v1/segments/lapsed-60d").equals("live"));
        app.request("POST", "/v1/journeys", """
                {"key": "win-back", "document": {
                   "name": "Win back lapsed buyers", "timeZone": "Europe/Berlin",
                   "audience": {"segments": ["lapsed-60d"]},
                   "exit": {"interactions": [{"type": "Purchase", "filter": "amount > 0"}]},
                   "goal": {"interaction": {"type": "Purchase"}, "within": "P3D", "value": "amount"},
                   "start": "remind",
                   "tiles": {
                     "remind": {"type": "email", "message": "we-miss-you", "expiry": "P1D", "next": "clicked"},
                     "clicked": {"type": "ifThen", "timeLimit": "P5D", "since": "run", "otherwise": null, "branches": [
                       {"name": "yes", "when": [{"interaction": {"type": "EmailClicked", "of": "remind"}}], "next": "tier"}]},
                     "tier": {"type": "attributeBranch", "otherwise": "bye", "branches": [
                       {"name": "gold", "when": "tier == 'gold'", "next": "pause"}]},
                     "pause": {"type": "waitFor", "duration": "P5D", "next": null},
                     "bye": {"type": "end", "outcome": "clicked"}}}}
                """).expect(201);
        assertThat(app.request("POST", "/v1/journeys/win-back/check").json().findValuesAsText("code"))
                .containsExactly("empty-audience");
        app.request("POST", "/v1/journeys/win-back/go-live").expect(202);
    }

    @AfterAll
    static void close() {
        mailbox.close();
    }

    @Test
    void a_lapsed_buyer_is_written_to_and_the_run_shows_where_she_is() {
        lapsed("ada", "Ada", "gold");

        Eventually.holds(
                "the mail is there", () -> mailbox.to("ada@example.com").size() == 1);
        var mail = mailbox.to("ada@example.com").getFirst();
        assertThat(mail.subject()).isEqualTo("Ada, we miss you");
        assertThat(mail.header("List-Unsubscribe-Post")).isEqualTo("List-Unsubscribe=One-Click");
        Eventually.holds("she is awaited", () -> run("ada").at("/tile").asText().equals("clicked"));
        var run = run("ada");
        assertThat(run.at("/status").asText()).isEqualTo("active");
        assertThat(run.at("/path/0/outcome").asText()).isEqualTo("sent");
        assertThat(run.at("/deliveries/0/state").asText()).isEqualTo("sent");
        assertThat(run.at("/until").isTextual()).isTrue();
        assertThat(run.at("/workflowId").asText()).matches("journey/win-back/contact/[0-9a-f-]{36}/1");
    }

    @Test
    void a_purchase_ends_the_run_and_takes_the_buyer_out_of_the_segment_at_once() {
        lapsed("bob", "Bob", "silver");
        Eventually.holds("he is awaited", () -> run("bob").at("/tile").asText().equals("clicked"));

        buys("bob", Instant.now(), "bob-today");

        Eventually.holds(
                "the run has stopped", () -> run("bob").at("/status").asText().equals("stopped"));
        assertThat(run("bob").at("/reason").asText()).isEqualTo("exit-interaction");
        Eventually.holds("he is no member any more", () -> !members().contains("bob"));
    }

    @Test
    void a_click_takes_the_branch_and_its_condition_the_next() {
        lapsed("cleo", "Cleo", "gold");
        lapsed("dan", "Dan", "silver");
        Eventually.holds(
                "both are awaited",
                () -> run("cleo").at("/tile").asText().equals("clicked")
                        && run("dan").at("/tile").asText().equals("clicked"));

        clicks("cleo");
        clicks("dan");

        Eventually.holds(
                "the gold one waits", () -> run("cleo").at("/tile").asText().equals("pause"));
        Eventually.holds(
                "the silver one is through",
                () -> run("dan").at("/status").asText().equals("completed"));
        assertThat(run("dan").at("/outcome").asText()).isEqualTo("clicked");
    }

    @Test
    void a_document_comes_back_with_its_tiles_in_the_order_of_the_author() {
        var tiles = app.request("GET", "/v1/journeys/win-back").json().at("/document/tiles");

        assertThat(tiles.fieldNames()).toIterable().containsExactly("remind", "clicked", "tier", "pause", "bye");
    }

    @Test
    void who_has_entered_is_not_entered_again_by_hand() {
        lapsed("eve", "Eve", "gold");
        Eventually.holds("she has a run", () -> run("eve").has("id"));

        var again = app.request("POST", "/v1/journeys/win-back/enter", "{\"contact\": \"external:eve\"}");

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.json().at("/type").asText()).endsWith("already-entered");
    }

    @Test
    void a_document_of_the_wrong_shape_is_refused_with_where_it_is() {
        assertThat(pointers("{\"tiles\": {\"a\": null}}")).containsExactly("/document/tiles/a");
        assertThat(pointers("{\"audience\": {\"segments\": [null]}}")).containsExactly("/document/audience/segments/0");
        assertThat(pointers("{\"tiles\": {\"a\": {\"type\": \"ifThen\", \"branches\": [null]}}}"))
                .containsExactly("/document/tiles/a/branches/0");
        assertThat(pointers("{\"tiles\": {\"a\": {\"type\": \"waitFor\", \"duration\": \"P999999999Y\"}}}"))
                .containsExactly("/document/tiles/a/duration");
        assertThat(pointers("{\"tiles\": {\"a\": {\"type\": \"fax\"}}}")).containsExactly("/document/tiles/a");
        assertThat(pointers("{\"tiles\": {\"a\": {\"type\": \"waitFor\", \"duration\": 5}}}"))
                .containsExactly("/document/tiles/a/duration");
        assertThat(pointers("{\"tiles\": {\"a\": {\"nxt\": \"b\", \"type\": \"end\"}}}"))
                .containsExactly("/document/tiles/a/nxt");
    }

    @Test
    void all_that_is_wrong_with_the_shape_of_a_document_is_told_at_once() {
        assertThat(pointers("""
                {"timeZome": "UTC", "tiles": {"b": {"type": "waitFor", "duration": "5 days"},
                 "c": {"message": 5, "type": "email"}, "d": {"nxt": "b", "type": "end"},
                 "e": {"type": "mail", "message": "hello", "next": null}, "f": {"next": {"g": 1}, "type": "wait"}}}
                """))
                .containsExactlyInAnyOrder(
                        "/document/timeZome",
                        "/document/tiles/b/duration",
                        "/document/tiles/c/message",
                        "/document/tiles/d/nxt",
                        "/document/tiles/e",
                        "/document/tiles/f");
    }

    @Test
    void what_keeps_a_journey_from_going_live_names_its_tile() {
        app.request("POST", "/v1/journeys", """
                {"key": "unfinished", "document": {"audience": {"segments": ["nobody"]}, "start": "a",
                 "tiles": {"a": {"type": "waitFor", "duration": "P1D", "next": "missing"}}}}
                """).expect(201);

        var errors = app.request("POST", "/v1/journeys/unfinished/go-live")
                .expect(422)
                .json()
                .path("errors");
        var problems = app.request("POST", "/v1/journeys/unfinished/check")
                .expect(200)
                .json()
                .path("problems");

        assertThat(errors.findValuesAsText("tile")).contains("a");
        assertThat(errors.get(0).path("severity").asText()).isEqualTo("error");
        assertThat(problems)
                .allSatisfy(problem -> assertThat(problem.has("tile")).isTrue());
    }

    private static List<String> pointers(String document) {
        var pointers = new ArrayList<String>();
        app.request("POST", "/v1/journeys", "{\"key\": \"shapeless\", \"document\": " + document + "}")
                .expect(422)
                .json()
                .at("/errors")
                .forEach(error -> pointers.add(error.at("/pointer").asText()));
        return pointers;
    }

    @Test
    void a_run_has_an_etag_that_changes_with_it() {
        lapsed("fay", "Fay", "gold");
        Eventually.holds("she is awaited", () -> run("fay").at("/tile").asText().equals("clicked"));
        var path = "/v1/runs/" + run("fay").at("/id").asText();
        var before = app.request("GET", path).header("etag");

        assertThat(app.request("GET", path).header("etag")).isNotEmpty().isEqualTo(before);
        var stopping = app.request("POST", path + "/stop").expect(202);
        assertThat(stopping.header("etag")).isNotEmpty();
        Eventually.holds("she is out", () -> run("fay").at("/status").asText().equals("stopped"));
        assertThat(app.request("GET", path).header("etag")).isNotEqualTo(before);
    }

    private static void lapsed(String id, String name, String tier) {
        app.request("PUT", "/v1/contacts/external:" + id, """
                {"externalId": "%1$s", "email": "%1$s@example.com", "firstName": "%2$s", "timeZone": "Europe/Berlin",
                 "attributes": {"tier": "%3$s"}}
                """.formatted(id, name, tier))
                .expect(201);
        buys(id, Instant.now().minus(Duration.ofDays(90)), id + "-first");
    }

    private static void buys(String contact, Instant at, String order) {
        app.request("POST", "/v1/interactions", """
                {"id": "%s", "type": "Purchase", "contact": "external:%s", "occurredAt": "%s",
                 "properties": {"amount": 29.33, "cds": 2}}
                """.formatted(order, contact, at))
                .expect(200);
    }

    /** Follows the wrapped link of the mail that a contact got. */
    private static void clicks(String contact) {
        try {
            var content = mailbox.to(contact + "@example.com").getFirst().message();
            var raw = new ByteArrayOutputStream();
            content.writeTo(raw);
            var text = raw.toString(StandardCharsets.UTF_8).replace("=\r\n", "").replace("=3D", "=");
            var link = Pattern.compile("/t/c/[A-Za-z0-9._~-]+").matcher(text);
            assertThat(link.find()).as("a wrapped link in " + text).isTrue();
            var answer = app.request("GET", link.group());
            assertThat(answer.status()).isEqualTo(302);
            assertThat(answer.header("location")).isEqualTo("https://shop.example.com/new");
        } catch (IOException | MessagingException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static JsonNode run(String contact) {
        return app.request("GET", "/v1/journeys/win-back/runs?contact=external:" + contact)
                .expect(200)
                .json()
                .at("/items")
                .path(0);
    }

    private static List<String> members() {
        var members = new ArrayList<String>();
        app.request("GET", "/v1/segments/lapsed-60d/members")
                .expect(200)
                .json()
                .at("/items")
                .forEach(member -> members.add(member.at("/externalId").asText()));
        return members;
    }

    private static String state(String path) {
        return app.request("GET", path).expect(200).json().at("/state").asText();
    }
}
