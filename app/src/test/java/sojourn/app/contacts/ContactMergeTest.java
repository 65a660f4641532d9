package sojourn.app.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Answer;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** Two contacts that are one person: of each test the winner is {@code w-...} and the loser {@code l-...}. */
class ContactMergeTest {

    @RegisterExtension
    static final App app = new App();

    private final Shop shop = new Shop(app);
    private String winner = "";
    private String loser = "";

    @BeforeAll
    static void define() {
        app.request(
                        "POST",
                        "/v1/interaction-types",
                        Map.of("key", "Purchase", "properties", Map.of("amount", "number")))
                .expect(201);
        app.request("PATCH", "/v1/profile-types/contact", """
                {"attributes": {"tier": {"type": "text"}, "shoe": {"type": "number"},
                                "friend": {"type": "lookup", "lookup": "contact"}}}
                """).expect(200);
        app.request("POST", "/v1/relationships", """
                {"key": "friends", "from": "contact", "attribute": "friend", "to": "contact"}
                """).expect(201);
        app.request("POST", "/v1/segments", Map.of("key", "few", "name", "Few", "kind", "static"))
                .expect(201);
        app.request("POST", "/v1/segments", """
                {"key": "buyers", "name": "Buyers", "kind": "dynamic", "query": "INTERACTION(Purchase)"}
                """).expect(201);
        app.request("POST", "/v1/segments/buyers/go-live").expect(202);
        app.request("POST", "/v1/messages", """
                {"key": "hello", "channel": "email", "purpose": "commercial", "from": "Shop <shop@example.com>",
                 "subject": "Hello", "text": "Hello"}
                """).expect(201);
        app.request("POST", "/v1/messages/hello/go-live").expect(200);
        app.request("POST", "/v1/journeys", """
                {"key": "rest", "document": {"name": "Rest", "timeZone": "UTC", "audience": {"segments": ["few"]},
                 "start": "wait", "tiles": {
                   "wait": {"type": "waitFor", "duration": "PT4S", "next": "hello"},
                   "hello": {"type": "email", "message": "hello", "next": null}}}}
                """).expect(201);
        app.request("POST", "/v1/journeys/rest/go-live").expect(202);
        Eventually.holds(
                "all is live",
                () -> state("/v1/segments/buyers").equals("live")
                        && state("/v1/journeys/rest").equals("live"));
    }

    @BeforeEach
    void name() {
        var name = UUID.randomUUID().toString().substring(24);
        winner = "w-" + name;
        loser = "l-" + name;
    }

    @Test
    void what_the_winner_knows_stands_and_gaps_are_filled() {
        shop.put(path(winner), """
                {"email": "ada@example.com", "firstName": "Ada", "address": {"city": "Berlin"},
                 "attributes": {"tier": "gold"}}
                """);
        shop.put(path(loser), """
                {"email": "other@example.com", "lastName": "Byron", "address": {"postalCode": "75001", "country": "FR"},
                 "latitude": 52.5, "longitude": 13.4, "attributes": {"tier": "silver", "shoe": 38}}
                """);
        var id = shop.get(path(loser)).get("id").asText();

        var answer = merge(winner, loser).expect(200);

        var merged = answer.json();
        assertThat(merged).isEqualTo(shop.get(path(winner)));
        assertThat(answer.header("ETag"))
                .isEqualTo(app.request("GET", path(winner)).header("ETag"));
        assertThat(merged.get("externalId").asText()).isEqualTo(winner);
        assertThat(merged.get("email").asText()).isEqualTo("ada@example.com");
        assertThat(merged.get("lastName").asText()).isEqualTo("Byron");
        assertThat(merged.at("/address/city").asText()).isEqualTo("Berlin");
        assertThat(merged.at("/address/postalCode").asText("")).isIn("", "null");
        assertThat(merged.get("latitude").asDouble()).isEqualTo(52.5);
        assertThat(merged.at("/attributes/tier").asText()).isEqualTo("gold");
        assertThat(merged.at("/attributes/shoe").asInt()).isEqualTo(38);
        assertThat(shop.get("/v1/contacts/" + id)).isEqualTo(merged);
        assertThat(shop.get(path(loser))).isEqualTo(merged);
        assertThat(app.request("GET", "/v1/contacts?externalId=" + loser).json().at("/items/0/id"))
                .isEqualTo(merged.get("id"));
        assertThat(shop.texts(
                        "select state || coalesce(external_id, '') || coalesce(email, '') || folded || attributes || address"
                                + " from contact where uuid = '" + id + "'"))
                .containsExactly("erased{}{}{}");
    }

    @Test
    void a_winner_without_an_external_id_takes_that_of_the_loser() {
        var id = UUID.randomUUID().toString();
        shop.put("/v1/contacts/" + id, "{}");
        shop.put(path(loser), "{}");

        app.request("POST", "/v1/contacts/" + id + "/merge", Map.of("loser", "external:" + loser))
                .expect(200);

        assertThat(shop.get(path(loser)).get("id").asText()).isEqualTo(id);
        assertThat(shop.get("/v1/contacts/" + id).get("externalId").asText()).isEqualTo(loser);
        assertThat(shop.texts("select external_id from contact_alias where external_id = '" + loser + "'"))
                .isEmpty();
    }

    @Test
    void what_names_the_loser_later_means_the_winner() throws Exception {
        both();
        merge(winner, loser).expect(200);
        var id = shop.get(path(winner)).get("id");

        app.request("PUT", path(loser), "{\"externalId\": \"" + loser + "\", \"firstName\": \"Put\"}")
                .expect(200);
        assertThat(shop.get(path(winner)).get("firstName").asText()).isEqualTo("Put");
        app.request("PUT", path(loser), "{\"externalId\": \"" + winner + "\", \"firstName\": \"Again\"}")
                .expect(200);
        app.request("PUT", path(loser), "{\"externalId\": \"third\"}").expect(422);
        app.request("PATCH", path(loser), "{\"externalId\": \"" + loser + "\", \"lastName\": \"Patch\"}")
                .expect(200);
        var job = shop.imported(
                "/v1/contacts/import",
                "text/csv",
                "externalId,phone,attributes.tier\n" + loser + ",+4930123456,\n" + winner + ",,gold\n");

        var now = shop.get(path(winner));
        assertThat(job.get("result")).hasToString("{\"created\":0,\"updated\":2,\"rejected\":0}");
        assertThat(now.get("id")).isEqualTo(id);
        assertThat(now.get("externalId").asText()).isEqualTo(winner);
        assertThat(now.get("firstName").asText()).isEqualTo("Again");
        assertThat(now.get("lastName").asText()).isEqualTo("Patch");
        assertThat(now.at("/attributes/tier").asText()).isEqualTo("gold");
        shop.put(path("free-" + loser), "{}");
        app.request("PATCH", path("free-" + loser), "{\"externalId\": \"" + loser + "\"}")
                .expect(409);
        app.request("PUT", "/v1/contacts/" + UUID.randomUUID(), "{\"externalId\": \"" + loser + "\"}")
                .expect(409);
        app.request("PATCH", path(winner), "{\"externalId\": \"" + loser + "\"}")
                .expect(200);
        assertThat(shop.get(path(loser)).get("id")).isEqualTo(id);
    }

    @Test
    void interactions_are_the_winners_and_a_repeat_is_still_one() {
        both();
        var before = purchase("before-" + loser, "external:" + loser);
        assertThat(before.json().get("accepted").asInt()).isEqualTo(1);

        merge(winner, loser).expect(200);

        assertThat(purchase("before-" + loser, "external:" + loser)
                        .json()
                        .get("duplicates")
                        .asInt())
                .isEqualTo(1);
        assertThat(purchase("after-" + loser, "external:" + loser)
                        .json()
                        .get("accepted")
                        .asInt())
                .isEqualTo(1);
        assertThat(shop.get(path(winner) + "/timeline").get("items").findValuesAsText("id"))
                .containsExactlyInAnyOrder("before-" + loser, "after-" + loser);
    }

    @Test
    void a_withdrawn_consent_beats_a_given_one_either_way() {
        both();
        consent(winner, "a@example.com", "in");
        consent(loser, "a@example.com", "out");
        consent(winner, "b@example.com", "out");
        consent(loser, "b@example.com", "in");
        consent(loser, "c@example.com", "in");

        merge(winner, loser).expect(200);

        assertThat(shop.get(path(winner) + "/consents")
                        .get("items")
                        .valueStream()
                        .map(consent -> consent.get("contactPoint").asText() + " "
                                + consent.get("state").asText()))
                .containsExactly("a@example.com out", "b@example.com out", "c@example.com in");
    }

    @Test
    void the_winner_is_where_the_loser_was() {
        both();
        app.request("POST", "/v1/segments", Map.of("key", "s-" + loser, "name", "S", "kind", "static"))
                .expect(201);
        app.request("POST", "/v1/segments/s-" + loser + "/members", Map.of("add", List.of("external:" + loser)))
                .expect(200);
        app.request("PUT", "/v1/segments/buyers/overrides/external:" + loser, Map.of("kind", "exclude", "reason", "r"))
                .expect(201);
        purchase("p-" + loser, "external:" + loser).expect(200);
        Eventually.holds("changes are applied", () -> number("select count(*) from change") == 0);
        assertThat(members("buyers")).doesNotContain(loser);

        merge(winner, loser).expect(200);

        assertThat(members("s-" + loser)).containsExactly(winner);
        assertThat(shop.get("/v1/segments/buyers/overrides?contact=external:" + loser)
                        .at("/items/0/externalId")
                        .asText())
                .isEqualTo(winner);
        app.request("DELETE", "/v1/segments/buyers/overrides/external:" + winner)
                .expect(204);
        Eventually.holds("the query finds the winner", () -> members("buyers").contains(winner));
        assertThat(
                        number(
                                "select count(*) from membership m join contact c on c.id = m.contact_id where c.state = 'erased'"))
                .isZero();
    }

    @Test
    void the_winner_joins_what_its_new_interactions_mean_and_the_loser_leaves() {
        both();
        purchase("p-" + loser, "external:" + loser).expect(200);
        Eventually.holds("the loser is a buyer", () -> members("buyers").contains(loser));

        merge(winner, loser).expect(200);

        Eventually.holds("the winner is a buyer", () -> members("buyers").contains(winner));
        Eventually.holds("the loser is not", () -> number("""
                        select count(*) from membership m join contact c on c.id = m.contact_id where c.state = 'erased'
                        """) == 0);
    }

    @Test
    void lookups_and_links_lead_to_the_winner() {
        both();
        shop.put(path("friend-" + loser), "{\"attributes\": {\"friend\": \"" + loser + "\"}}");
        app.request("PATCH", path(winner), "{\"attributes\": {\"friend\": \"" + loser + "\"}}")
                .expect(200);
        shop.put("/v1/profiles/lead/external:lead-" + loser, "{\"attributes\": {\"contact\": \"" + loser + "\"}}");
        shop.put("/v1/profiles/marketing_list/external:list-" + loser, "{}");
        shop.put("/v1/profiles/account/external:acme-" + loser, "{}");
        app.request("PATCH", path(loser), "{\"attributes\": {\"account\": \"acme-" + loser + "\"}}")
                .expect(200);
        app.request(
                        "POST",
                        "/v1/relationships/contact_marketing_list/links",
                        "{\"add\": [{\"from\": \"external:" + loser + "\", \"to\": \"external:list-" + loser + "\"}]}")
                .expect(200);

        merge(winner, loser).expect(200);

        assertThat(shop.links().stream().filter(link -> link.contains(loser.substring(2))))
                .containsExactlyInAnyOrder(
                        "contact_account " + winner + " acme-" + loser,
                        "contact_marketing_list " + winner + " list-" + loser,
                        "friends friend-" + loser + " " + winner,
                        "lead_contact lead-" + loser + " " + winner);
        assertThat(shop.get(path("friend-" + loser)).at("/attributes/friend").asText())
                .isEqualTo(winner);
        assertThat(shop.get(path(winner)).at("/attributes/account").asText()).isEqualTo("acme-" + loser);
        assertThat(shop.get(path(winner)).at("/attributes").has("friend")).isFalse();
        shop.put("/v1/profiles/lead/external:lead2-" + loser, "{\"attributes\": {\"contact\": \"" + loser + "\"}}");
        assertThat(shop.get("/v1/profiles/lead/external:lead2-" + loser)
                        .at("/attributes/contact")
                        .asText())
                .isEqualTo(winner);
        app.request(
                        "POST",
                        "/v1/relationships/contact_marketing_list/links",
                        "{\"remove\": [{\"from\": \"external:" + loser + "\", \"to\": \"external:list-" + loser
                                + "\"}]}")
                .expect(200);
        assertThat(shop.links()).doesNotContain("contact_marketing_list " + winner + " list-" + loser);
    }

    @Test
    void runs_of_the_loser_stop_send_nothing_and_still_count() {
        both();
        app.request("PATCH", path(loser), "{\"email\": \"" + loser + "@example.com\"}")
                .expect(200);
        var entered = number("select count(*) from run");
        var run = app.request("POST", "/v1/journeys/rest/enter", Map.of("contact", "external:" + loser))
                .expect(201)
                .json()
                .get("id")
                .asText();
        Eventually.holds(
                "the run waits",
                () -> shop.get("/v1/runs/" + run).get("tile").asText("").equals("wait"));

        merge(winner, loser).expect(200);

        Eventually.holds(
                "the run has ended",
                () -> shop.get("/v1/runs/" + run).get("status").asText().equals("stopped"));
        assertThat(shop.get("/v1/runs/" + run).get("reason").asText()).isEqualTo("contact-merged");
        LockSupport.parkNanos(5_000_000_000L);
        assertThat(number("select count(*) from delivery where run_id = '" + run + "'"))
                .isZero();
        assertThat(shop.get("/v1/journeys/rest/runs?contact=external:" + loser)
                        .get("items")
                        .findValuesAsText("id"))
                .contains(run);
        var insights = shop.get("/v1/journeys/rest/insights?contacts=true");
        assertThat(insights.get("entered").asInt()).isEqualTo(entered + 1);
        assertThat(insights.at("/stopped/byReason/contact-merged").asInt()).isPositive();
        assertThat(insights.at("/tiles/wait/stopped").asInt())
                .isEqualTo(insights.at("/stopped/total").asInt());
        // Also what the run recorded after the merge is the winner's: nothing stays in progress for ever.
        Eventually.holds("beginnings and ends are even", () -> number("""
                select coalesce(sum((i.properties ->> 'delta')::int), 0)::int from interaction i
                join contact c on c.id = i.contact_id where c.external_id = '%s' and i.journey = 'rest'
                """.formatted(winner)) == 0);
        assertThat(shop.get(path(winner) + "/timeline").get("items").findValuesAsText("type"))
                .contains("JourneyEntered", "JourneyStopped");
        assertThat(number("""
                select count(*) from interaction i join contact c on c.id = i.contact_id where c.merged_into is not null
                """)).isZero();
        assertThat(app.request("POST", "/v1/journeys/rest/enter", Map.of("contact", "external:" + winner))
                        .status())
                .isEqualTo(409);
        app.request("POST", "/v1/journeys/rest/insights/save-as-segment", """
                {"key": "entered-%s", "name": "n", "kind": "snapshot", "metric": {"of": "entered"}}
                """.formatted(loser))
                .expect(201);
        assertThat(members("entered-" + loser)).contains(winner);
    }

    @Test
    void a_merge_is_refused_where_it_makes_no_sense() {
        both();
        assertThat(Shop.errors(merge(winner, winner).expect(422).json())).containsExactly("/loser same-contact");
        merge(winner, "nobody").expect(404);
        merge("nobody", loser).expect(404);
        assertThat(Shop.errors(app.request("POST", path(winner) + "/merge", Map.of("loser", "42"))
                        .expect(422)
                        .json()))
                .containsExactly("/loser invalid-reference");
        app.request("POST", path(winner) + "/merge", "{}").expect(422);
        app.request("POST", path(winner) + "/merge", "{\"loser\": \"external:a\", \"other\": 1}")
                .expect(422);
        app.admin()
                .with("If-Match", "\"99\"")
                .request("POST", path(winner) + "/merge", Map.of("loser", "external:" + loser))
                .expect(412);
        assertThat(shop.get(path(loser)).get("externalId").asText()).isEqualTo(loser);

        merge(winner, loser).expect(200);

        merge(winner, loser).expect(200);
        merge(loser, winner).expect(422);
        app.request("DELETE", path(winner)).expect(204);
        merge(winner, loser).expect(404);
    }

    @Test
    void a_merge_is_done_once_for_one_key() {
        both();
        var client = app.admin().with("Idempotency-Key", "merge " + loser);
        var first = client.request("POST", path(winner) + "/merge", Map.of("loser", "external:" + loser))
                .expect(200);
        var second = client.request("POST", path(winner) + "/merge", Map.of("loser", "external:" + loser))
                .expect(200);

        assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(second.json()).isEqualTo(first.json());

        app.request("DELETE", path(winner)).expect(204);
        assertThat(number("select count(*) from idempotent_request where encode(body, 'escape') like '%"
                        + loser.substring(2) + "%'"))
                .isZero();
    }

    @Test
    void names_lead_on_when_the_winner_is_merged_in_turn_and_nowhere_when_that_one_is_erased() {
        both();
        var third = "t-" + loser.substring(2);
        shop.put(path(third), "{}");
        var id = shop.get(path(loser)).get("id").asText();
        merge(winner, loser).expect(200);
        merge(third, winner).expect(200);
        for (var name : List.of(path(loser), path(winner), "/v1/contacts/" + id)) {
            assertThat(shop.get(name).get("externalId").asText()).isEqualTo(third);
        }

        app.request("DELETE", path(loser)).expect(204);

        for (var name : List.of(path(loser), path(winner), path(third), "/v1/contacts/" + id)) {
            app.request("GET", name).expect(404);
        }
        assertThat(number("select count(*) from contact_alias where external_id like '%" + loser.substring(2) + "'"))
                .isZero();
        assertThat(purchase("gone-" + loser, "external:" + loser).status()).isEqualTo(422);
    }

    private void both() {
        shop.put(path(winner), "{}");
        shop.put(path(loser), "{}");
    }

    private static String path(String externalId) {
        return "/v1/contacts/external:" + externalId;
    }

    private static Answer merge(String winner, String loser) {
        return app.request("POST", path(winner) + "/merge", Map.of("loser", "external:" + loser));
    }

    private static Answer purchase(String id, String contact) {
        return app.request("POST", "/v1/interactions", """
                {"id": "%s", "type": "Purchase", "contact": "%s", "occurredAt": "2026-11-01T10:00:00Z",
                 "properties": {"amount": 3}}
                """.formatted(id, contact));
    }

    private static void consent(String contact, String contactPoint, String state) {
        app.request("PUT", path(contact) + "/consents", """
                {"items": [{"contactPoint": "%s", "purpose": "commercial", "state": "%s"}]}
                """.formatted(contactPoint, state))
                .expect(200);
    }

    private List<String> members(String segment) {
        return shop.get("/v1/segments/" + segment + "/members?limit=1000")
                .get("items")
                .valueStream()
                .map(member -> member.path("externalId").asText())
                .toList();
    }

    private static String state(String path) {
        JsonNode record = app.request("GET", path).expect(200).json();
        return record.get("state").asText();
    }

    private static int number(String sql) {
        return app.jdbi()
                .withHandle(handle -> handle.select(sql).mapTo(Integer.class).one());
    }
}
