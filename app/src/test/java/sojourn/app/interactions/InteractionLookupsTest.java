package sojourn.app.interactions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.Transactions;
import sojourn.testing.Answer;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** Interactions that name records: people, accounts, whatever was declared. */
class InteractionLookupsTest {

    @RegisterExtension
    static final App app = new App();

    @BeforeAll
    static void define() {
        app.request("POST", "/v1/profile-types", Map.of("key", "boat", "attributes", Map.of()))
                .expect(201);
        app.request("POST", "/v1/interaction-types", """
                {"key": "Recommended", "properties": {
                  "friend": "lookup", "shop": {"type": "lookup", "lookup": "account"}, "boat": {"type": "lookup", "lookup": "boat"}}}
                """).expect(201);
    }

    @BeforeEach
    void people_and_their_boats() {
        Transactions.use(app.jdbi(), handle -> handle.execute("""
                truncate contact, contact_alias, profile, link, interaction, interaction_seen, anonymous_interaction,
                         anonymous_link, change, change_seen restart identity
                """));
        for (var name : List.of("ada", "bob", "cleo")) {
            app.request("PUT", "/v1/contacts/external:" + name, "{}").expect(201);
        }
        app.request("PUT", "/v1/profiles/account/external:acme", "{}").expect(201);
    }

    @Test
    void what_is_named_must_be_there_and_is_stored_by_its_name() {
        var bob = uuid("/v1/contacts/external:bob");
        var boat = app.request("POST", "/v1/profiles/boat", "{}")
                .expect(201)
                .json()
                .get("id")
                .textValue();
        var answer = send("""
                [{"id": "1", "type": "Recommended", "contact": "external:ada",
                  "properties": {"friend": "%s", "shop": "acme", "boat": "%s"}},
                 {"id": "2", "type": "Recommended", "contact": "external:ada", "properties": {"friend": "dan", "shop": "bob"}},
                 {"id": "3", "type": "Recommended", "contact": "external:nobody", "properties": {"friend": "dan"}},
                 {"id": "4", "type": "Recommended", "anonymousId": "device", "properties": {"shop": "Acme"}}]
                """.formatted(bob, boat));

        assertThat(answer.get("accepted").intValue()).isEqualTo(1);
        assertThat(answer.get("rejected").findValuesAsText("code"))
                .containsExactly("unknown-record", "unknown-contact", "unknown-record");
        assertThat(answer.at("/rejected/0/detail").textValue())
                .isEqualTo("/properties/friend: there is no contact of this external id or id;"
                        + " /properties/shop: there is no account of this external id or id");
        assertThat(properties("interaction"))
                .containsExactly("{\"boat\": \"" + boat + "\", \"shop\": \"acme\", \"friend\": \"bob\"}");
        assertThat(count("INTERACTION(Recommended).FILTER(friend == 'bob' && shop == 'acme')"))
                .isEqualTo(1);
    }

    @Test
    void a_record_that_is_called_otherwise_is_so_in_interactions_too() {
        var boat = app.request("POST", "/v1/profiles/boat", "{}")
                .expect(201)
                .json()
                .get("id")
                .textValue();
        recommend("1", "external:ada", Map.of("friend", "bob", "boat", boat));
        recommend("2", "external:cleo", Map.of("friend", "ada"));
        forgetWord();

        app.request("PATCH", "/v1/contacts/external:bob", Map.of("externalId", "robert"))
                .expect(200);
        app.request("PATCH", "/v1/profiles/boat/" + boat, Map.of("externalId", "titanic"))
                .expect(200);

        assertThat(properties("interaction"))
                .containsExactly("{\"boat\": \"titanic\", \"friend\": \"robert\"}", "{\"friend\": \"ada\"}");
        assertThat(count("INTERACTION(Recommended).FILTER(friend == 'robert' && boat == 'titanic')"))
                .isEqualTo(1);
        assertThat(texts("select distinct contact_ids::text from change_seen where 'Recommended' = any(causes)"))
                .containsExactly("{1}");
    }

    @Test
    void an_event_may_be_named_before_it_is_there_and_is_called_what_it_comes_to_be_called() {
        var fair = app.request("POST", "/v1/profiles/event", "{}")
                .expect(201)
                .json()
                .get("id")
                .textValue();
        send("""
                [{"id": "1", "type": "EventRegistered", "contact": "external:ada", "properties": {"event": "%1$s"}},
                 {"id": "2", "type": "EventRegistered", "anonymousId": "device", "properties": {"event": "%1$s"}},
                 {"id": "3", "type": "EventCheckedIn", "contact": "external:bob", "properties": {"event": "later"}}]
                """.formatted(fair));
        assertThat(texts("select lookups::text from interaction where id = '3'"))
                .containsExactly("{\"event\": \"later\"}");
        app.request("PATCH", "/v1/profiles/event/" + fair, Map.of("externalId", "fair"))
                .expect(200);
        send("""
                [{"id": "4", "type": "EventCheckedIn", "contact": "external:ada", "properties": {"event": "%s"}}]
                """.formatted(fair));

        for (var column : List.of("properties", "lookups")) {
            assertThat(texts("select " + column + "::text from interaction where id in ('1', '4')"))
                    .containsExactly("{\"event\": \"fair\"}", "{\"event\": \"fair\"}");
            assertThat(texts("select " + column + "::text from anonymous_interaction"))
                    .containsExactly("{\"event\": \"fair\"}");
        }
    }

    @Test
    void who_was_merged_is_the_winner_wherever_somebody_is_named() {
        recommend("1", "external:ada", Map.of("friend", "bob"));

        app.request("POST", "/v1/contacts/external:cleo/merge", Map.of("loser", "external:bob"))
                .expect(200);
        recommend("2", "external:ada", Map.of("friend", "bob"));

        assertThat(properties("interaction")).containsExactly("{\"friend\": \"cleo\"}", "{\"friend\": \"cleo\"}");
        assertThat(count("INTERACTION(Recommended).FILTER(friend == 'cleo').HAVING(COUNT() == 2)"))
                .isEqualTo(1);
        assertThat(send("[" + recommendation("1", "\"contact\": \"external:ada\"", "{\"friend\": \"bob\"}") + "]")
                        .get("duplicates")
                        .intValue())
                .isEqualTo(1);
    }

    @Test
    void who_is_erased_is_named_nowhere_and_what_is_deleted_stays_named() {
        recommend("1", "external:ada", Map.of("friend", "bob", "shop", "acme"));
        recommend("2", "external:ada", Map.of("friend", "bob"));
        send("[" + recommendation("3", "\"anonymousId\": \"device\"", "{\"friend\": \"bob\"}") + "]");

        app.request("DELETE", "/v1/contacts/external:bob").expect(204);
        app.request("DELETE", "/v1/profiles/account/external:acme").expect(204);

        assertThat(properties("interaction")).containsExactly("{\"shop\": \"acme\"}", "null");
        assertThat(properties("anonymous_interaction")).containsExactly("null");
        assertThat(texts("select 'x' from interaction where interaction::text like '%bob%'"))
                .isEmpty();
    }

    @Test
    void a_type_whose_records_interactions_name_is_in_use() {
        assertThat(app.request("DELETE", "/v1/profile-types/boat").expect(409).body())
                .contains("interaction type Recommended");
    }

    @Test
    void a_name_that_changes_while_it_is_written_is_the_new_one() throws Exception {
        var boat = app.request("POST", "/v1/profiles/boat", "{}")
                .expect(201)
                .json()
                .get("id")
                .textValue();
        var sent = new CompletableFuture<JsonNode>();
        var renamed = new CompletableFuture<Answer>();
        app.jdbi().useTransaction(handle -> {
            handle.execute("lock table interaction_seen in exclusive mode");
            Thread.ofVirtual()
                    .start(() -> sent.complete(send(
                            "[" + recommendation("1", "\"contact\": \"external:ada\"", "{\"boat\": \"" + boat + "\"}")
                                    + "]")));
            Eventually.holds("the interaction waits", () -> waiting() == 1);
            Thread.ofVirtual()
                    .start(() -> renamed.complete(
                            app.request("PATCH", "/v1/profiles/boat/" + boat, Map.of("externalId", "titanic"))));
            Eventually.holds("the change waits for it", () -> waiting() == 2);
        });

        assertThat(sent.get().get("accepted").intValue()).isEqualTo(1);
        renamed.get().expect(200);
        assertThat(properties("interaction")).containsExactly("{\"boat\": \"titanic\"}");
    }

    private static void recommend(String id, String contact, Map<String, String> properties) {
        app.request(
                        "POST",
                        "/v1/interactions",
                        Map.of(
                                "id",
                                id,
                                "type",
                                "Recommended",
                                "contact",
                                contact,
                                "properties",
                                properties,
                                "occurredAt",
                                "2026-11-01T10:00:00Z"))
                .expect(200);
    }

    private static String recommendation(String id, String who, String properties) {
        return """
                {"id": "%s", "type": "Recommended", %s, "properties": %s, "occurredAt": "2026-11-01T10:00:00Z"}
                """.formatted(id, who, properties);
    }

    private static JsonNode send(String batch) {
        return app.request("POST", "/v1/interactions", batch).expect(200).json();
    }

    private static int count(String query) {
        return app.request("POST", "/v1/segments/estimate", Map.of("query", query))
                .expect(200)
                .json()
                .get("count")
                .intValue();
    }

    private static String uuid(String path) {
        return app.request("GET", path).expect(200).json().get("id").textValue();
    }

    private static List<String> properties(String table) {
        return texts("select coalesce(properties::text, 'null') from " + table + " order by id");
    }

    private static void forgetWord() {
        app.jdbi().useHandle(handle -> handle.execute("truncate change_seen"));
    }

    private static int waiting() {
        return Integer.parseInt(texts("""
                select count(distinct pid) from pg_locks
                where not granted and not (locktype = 'advisory' and classid = 5301)
                """).getFirst());
    }

    private static List<String> texts(String sql) {
        return app.jdbi()
                .withHandle(handle -> handle.select(sql).mapTo(String.class).list());
    }
}
