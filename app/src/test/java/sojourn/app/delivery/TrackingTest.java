package sojourn.app.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sojourn.app.delivery.Tokens.Kind;
import sojourn.app.delivery.Tokens.Token;
import sojourn.app.platform.Json;
import sojourn.testing.App;

class TrackingTest {

    @RegisterExtension
    static final App app = new App();

    private static final TrackingUrls URLS = new TrackingUrls(URI.create("https://mail.example.com"));

    private Tokens tokens;
    private UUID delivery;

    @BeforeEach
    void deliver() {
        tokens = new Tokens(new Keys(app.jdbi(), "tracking-key"));
        app.jdbi().useHandle(handle -> {
            handle.execute("delete from interaction");
            handle.execute("delete from consent");
            handle.execute("delete from delivery");
            handle.execute("delete from change_seen");
            handle.execute("""
                    insert into contact (external_id, email, created_at, updated_at)
                    values ('42', 'Ada@example.com', now(), now()) on conflict do nothing
                    """);
        });
        delivery = app.jdbi()
                .withHandle(handle -> handle.createQuery("""
                        insert into delivery (contact_id, run_id, visit, journey, journey_version, tile, pass, channel,
                            message, message_version, contact_point, state, reserved_at, run_entered_at, tile_entered_at, links)
                        select id, uuidv7(), 1, 'win-back', 2, 'remind', 1, 'email', 'hello', 1, email, 'sent', now(),
                            '2026-11-20T09:00:00Z', '2026-11-20T09:01:00Z', '[{"name": "news", "url": "https://x/"}]'
                        from contact where external_id = '42' returning id
                        """).mapTo(UUID.class).one());
    }

    @Test
    void an_email_leads_its_links_through_us_and_nothing_else() {
        var tracked = TrackedHtml.of("""
                <p><a href="https://shop.example.com/new?a=1&amp;b=2" data-link="news">new</a>
                <a href="mailto:shop@example.com">write</a> <a href="#top">up</a> <a href="javascript:alert(1)">x</a>
                <a href="http://shop.example.com/old">old</a></p>
                """, delivery, tokens, URLS);
        var anchors = Jsoup.parse(tracked.html()).select("a");

        assertThat(tracked.links()).hasSize(2);
        assertThat(tracked.links().getFirst()).isEqualTo(new Link("news", "https://shop.example.com/new?a=1&b=2"));
        assertThat(tracked.links().get(1).name()).matches("link-[0-9a-f]{8}");
        assertThat(anchors.get(0).attr("href")).startsWith("https://mail.example.com/t/c/");
        assertThat(anchors.get(0).hasAttr("data-link")).isFalse();
        assertThat(anchors.eachAttr("href").subList(1, 3)).containsExactly("mailto:shop@example.com", "#top");
        assertThat(anchors.get(3).hasAttr("href")).isFalse();
        assertThat(Jsoup.parse(tracked.html()).select("img").attr("src")).endsWith(".gif");
        assertThat(tokens.read(
                        Kind.CLICK, anchors.get(0).attr("href").substring("https://mail.example.com/t/c/".length())))
                .contains(new Token(Kind.CLICK, delivery, 0, "https://shop.example.com/new?a=1&b=2"));
    }

    @Test
    void an_open_is_recorded_and_a_picture_answered() {
        var answer = app.anonymous()
                .request("GET", "/t/o/" + token(Kind.OPEN, "") + ".gif")
                .expect(200);

        assertThat(answer.header("Content-Type")).isEqualTo("image/gif");
        assertThat(answer.header("Cache-Control")).contains("no-store");
        var properties = facts("EmailOpened").getFirst();
        assertThat(properties.get("tile").asText()).isEqualTo("remind");
        assertThat(properties.get("runEnteredAt").asText()).isEqualTo("2026-11-20T09:00:00Z");
        assertThat(properties.get("tileEnteredAt").asText()).isEqualTo("2026-11-20T09:01:00Z");
    }

    @Test
    void a_click_is_recorded_and_leads_on() {
        var url = "https://shop.example.com/new?name=J%C3%B6rg&x=%7B%7D";
        var path = "/t/c/" + token(Kind.CLICK, url);

        assertThat(app.anonymous().request("GET", path).expect(302).header("Location"))
                .isEqualTo(url);
        app.anonymous().request("GET", path).expect(302);

        assertThat(facts("EmailClicked")).hasSize(2);
        assertThat(facts("EmailClicked").getFirst().get("link").asText()).isEqualTo("news");
        assertThat(changes()).contains("EmailClicked");
    }

    @Test
    void head_looks_and_records_nothing() {
        assertThat(app.anonymous()
                        .request("HEAD", "/t/c/" + token(Kind.CLICK, "https://x/"))
                        .expect(302)
                        .header("Location"))
                .isEqualTo("https://x/");
        app.anonymous().request("HEAD", "/t/o/" + token(Kind.OPEN, "") + ".gif").expect(200);

        assertThat(facts("EmailClicked")).isEmpty();
        assertThat(facts("EmailOpened")).isEmpty();
    }

    @Test
    void a_click_leads_on_when_nothing_can_be_looked_up() {
        app.jdbi().useHandle(handle -> handle.execute("delete from delivery"));

        app.anonymous()
                .request("GET", "/t/c/" + token(Kind.CLICK, "https://x/"))
                .expect(302);

        assertThat(facts("EmailClicked")).isEmpty();
    }

    @Test
    void a_forged_token_leads_nowhere() {
        var token = token(Kind.CLICK, "https://shop.example.com/");
        var changed = token.substring(0, 30) + (token.charAt(30) == 'A' ? 'B' : 'A') + token.substring(31);

        for (var forged : List.of(
                changed, token.substring(1), token + "AA", "x", token(Kind.OPEN, ""), "%20", "a".repeat(5000))) {
            var answer = app.anonymous().request("GET", "/t/c/" + forged).expect(404);
            assertThat(answer.header("Location")).isEmpty();
        }
        app.anonymous().request("POST", "/t/u/" + token, "").expect(404);
        app.anonymous().request("GET", "/t/o/" + token + ".gif").expect(404);
    }

    @Test
    void only_post_unsubscribes() {
        var path = "/t/u/" + token(Kind.UNSUBSCRIBE, "");
        var client = app.anonymous().with("Content-Type", "application/x-www-form-urlencoded");

        var page = app.anonymous().request("GET", path).expect(200);
        assertThat(Jsoup.parse(page.body()).select("form[method=post] button")).hasSize(1);
        assertThat(consents()).isEmpty();

        client.request("POST", path, "List-Unsubscribe=One-Click").expect(200);
        client.request("POST", path, "List-Unsubscribe=One-Click").expect(200);

        assertThat(consents()).containsExactly("ada@example.com commercial out one-click");
        assertThat(facts("EmailUnsubscribed")).hasSize(1);
        assertThat(changes()).contains("consent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"multipart/form-data; boundary=x", "text/plain"})
    void mail_programs_may_post_as_they_like(String type) {
        var path = "/t/u/" + token(Kind.UNSUBSCRIBE, "");

        app.anonymous()
                .with("Content-Type", type)
                .request("POST", path, "--x--")
                .expect(200);

        assertThat(consents()).hasSize(1);
    }

    @Test
    void consents_are_read_and_written() {
        var path = "/v1/contacts/external:42/consents";
        app.request("PUT", path, """
                {"items": [{"purpose": "commercial", "state": "out"}, {"purpose": "transactional", "state": "in", "source": "form"}]}
                """).expect(200);

        assertThat(app.request("GET", path).json().get("items")).hasSize(2);
        assertThat(app.as("viewer").request("GET", path).body()).doesNotContain("example.com");
        assertThat(app.request("PUT", path, "{\"items\": [{\"purpose\": \"commercial\", \"state\": \"notSet\"}]}")
                        .json()
                        .get("items"))
                .hasSize(1);
        app.request("PUT", path, "{\"items\": [{\"purpose\": \"fun\", \"state\": \"maybe\"}]}")
                .expect(422);
        app.request("GET", "/v1/contacts/external:43/consents").expect(404);
    }

    @Test
    void deliveries_are_listed_and_viewers_see_no_addresses() {
        var all = app.request("GET", "/v1/deliveries?journey=win-back&state=sent&contact=external:42")
                .expect(200);

        assertThat(all.json().get("items")).hasSize(1);
        assertThat(all.body()).contains("Ada@example.com");
        assertThat(app.as("viewer").request("GET", "/v1/deliveries").body()).doesNotContain("Ada@example.com");
        assertThat(app.as("viewer")
                        .request("GET", "/v1/deliveries/" + delivery)
                        .expect(200)
                        .body())
                .doesNotContain("Ada@example.com");
        app.request("GET", "/v1/deliveries?state=gone").expect(422);
        assertThat(app.request("GET", "/v1/deliveries?journey=other").json().get("items"))
                .isEmpty();
    }

    private String token(Kind kind, String url) {
        return tokens.sign(new Token(kind, delivery, 0, url));
    }

    private static List<JsonNode> facts(String type) {
        List<String> all = app.jdbi()
                .withHandle(handle -> handle.createQuery("""
                        select i.properties from interaction i join interaction_type t on t.id = i.type_id
                        where t.key = ? order by occurred_at
                        """)
                        .bind(0, type)
                        .mapTo(String.class)
                        .list());
        return all.stream().map(TrackingTest::json).toList();
    }

    private static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException notJson) {
            throw new AssertionError(notJson);
        }
    }

    @Test
    void who_is_erased_while_she_unsubscribes_leaves_no_address_behind() {
        var path = "/t/u/" + token(Kind.UNSUBSCRIBE, "");
        var client = app.anonymous().with("Content-Type", "application/x-www-form-urlencoded");

        var answer = app.jdbi().inTransaction(handle -> {
            handle.execute("select pg_advisory_xact_lock(7305002)"); // as an erasure does
            var unsubscribing = CompletableFuture.supplyAsync(() -> client.request("POST", path, ""));
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
            handle.execute("update delivery set contact_point = null");
            return unsubscribing;
        });

        answer.join().expect(200);
        assertThat(consents()).isEmpty();
    }

    private static List<String> consents() {
        return app.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "select contact_point || ' ' || purpose || ' ' || state || ' ' || source from consent")
                        .mapTo(String.class)
                        .list());
    }

    private static List<String> changes() {
        return app.jdbi()
                .withHandle(handle -> handle.createQuery("select distinct unnest(causes) from change_seen")
                        .mapTo(String.class)
                        .list());
    }
}
