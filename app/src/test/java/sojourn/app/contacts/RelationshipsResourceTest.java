package sojourn.app.contacts;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;

class RelationshipsResourceTest {

    private static final String LISTS = "/v1/relationships/contact_marketing_list";

    @RegisterExtension
    static final App app = new App();

    private final Shop shop = new Shop(app);

    @BeforeEach
    void people_and_lists_are_there() {
        shop.clear();
        for (var contact : List.of("ada", "bob", "carl")) {
            shop.put("/v1/contacts/external:" + contact, "{}");
        }
        for (var list : List.of("news", "sale")) {
            shop.put("/v1/profiles/marketing_list/external:" + list, "{}");
        }
        shop.forgetWord();
    }

    @Test
    void the_usual_relationships_are_there_from_the_start() {
        var all = shop.get("/v1/relationships");

        assertThat(all.get("items").findValuesAsText("key"))
                .containsExactly(
                        "contact_account",
                        "contact_marketing_list",
                        "event_registration_contact",
                        "event_registration_event",
                        "lead_contact",
                        "opportunity_account",
                        "opportunity_contact");
        var one = app.request("GET", "/v1/relationships/contact_account").expect(200);
        assertThat(one.json().get("attribute").textValue()).isEqualTo("account");
        assertThat(one.json().get("builtIn").booleanValue()).isTrue();
        assertThat(one.header("ETag")).isNotNull();
        assertThat(Shop.type(app.request("DELETE", "/v1/relationships/contact_account")
                        .expect(409)
                        .json()))
                .isEqualTo("wrong-state");
        app.request("GET", "/v1/relationships/nothing").expect(404);
    }

    @Test
    void one_over_a_lookup_that_has_values_has_their_links_at_once() {
        app.request("PATCH", "/v1/profile-types/contact", """
                {"attributes": {"friend": "lookup", "list": {"type": "lookup", "lookup": "marketing_list"}}}
                """).expect(200);
        var id = shop.get("/v1/contacts/external:carl").get("id").textValue();
        app.request("PATCH", "/v1/contacts/external:ada", "{\"attributes\": {\"friend\": \"bob\", \"list\": \"news\"}}")
                .expect(200);
        app.request("PATCH", "/v1/contacts/external:bob", "{\"attributes\": {\"friend\": \"%s\"}}".formatted(id))
                .expect(200);
        assertThat(shop.links()).isEmpty();

        var made = app.request("POST", "/v1/relationships", """
                {"key": "friends", "from": "contact", "attribute": "friend", "to": "contact"}
                """).expect(201);
        app.request("POST", "/v1/relationships", """
                {"key": "own_list", "from": "contact", "attribute": "list", "to": "marketing_list"}
                """).expect(201);

        assertThat(made.header("Location")).endsWith("/v1/relationships/friends");
        assertThat(shop.links()).containsExactly("friends ada bob", "friends bob carl", "own_list ada news");
        assertThat(app.request("PATCH", "/v1/profile-types/contact", "{\"attributes\": {\"friend\": null}}")
                        .expect(409)
                        .json()
                        .get("detail")
                        .textValue())
                .contains("relationship friends");
        app.request("DELETE", "/v1/relationships/friends").expect(204);
        assertThat(shop.links()).containsExactly("own_list ada news");
        assertThat(shop.get("/v1/contacts/external:ada")
                        .at("/attributes/friend")
                        .textValue())
                .isEqualTo("bob");
    }

    @Test
    void everything_wrong_with_a_declaration_is_said_at_once() {
        assertThat(Shop.errors(app.request("POST", "/v1/relationships", "{}")
                        .expect(422)
                        .json()))
                .containsExactly("/key required", "/from required", "/to required");
        assertThat(Shop.errors(app.request("POST", "/v1/relationships", """
                                {"key": "a-b", "from": "contac", "attribute": "x", "to": "accounts"}
                                """)
                        .expect(422)
                        .json()))
                .containsExactly("/key invalid-key", "/from unknown-profile-type", "/to unknown-profile-type");
        for (var wrong : List.of(
                "email wrong-type", "acount unknown-attribute", "account wrong-type", "address.city wrong-type")) {
            var attribute = wrong.substring(0, wrong.indexOf(' '));
            assertThat(Shop.errors(app.request("POST", "/v1/relationships", """
                                    {"key": "a", "from": "contact", "attribute": "%s", "to": "event"}
                                    """.formatted(attribute))
                            .expect(422)
                            .json()))
                    .containsExactly("/attribute" + wrong.substring(wrong.indexOf(' ')));
        }
        assertThat(Shop.errors(app.request("POST", "/v1/relationships", """
                                {"key": "a", "from": "contact", "attribute": "account", "to": "account"}
                                """)
                        .expect(422)
                        .json()))
                .containsExactly("/attribute duplicate");
        assertThat(Shop.type(app.request("POST", "/v1/relationships", """
                                {"key": "contact_account", "from": "event", "to": "account"}
                                """)
                        .expect(409)
                        .json()))
                .isEqualTo("key-taken");
    }

    @Test
    void a_link_is_put_and_taken_away_as_often_as_one_likes() {
        var path = LISTS + "/links/external:ada/external:news";

        app.request("PUT", path).expect(204);
        app.request("PUT", path).expect(204);

        assertThat(shop.links()).containsExactly("contact_marketing_list ada news");
        assertThat(shop.contactWord()).containsExactly("{1} {relationship/contact_marketing_list}");
        assertThat(shop.recordWord()).containsExactly("marketing_list {1}");

        app.request("DELETE", path).expect(204);
        app.request("DELETE", path).expect(204);
        assertThat(shop.links()).isEmpty();
        assertThat(shop.contactWord()).hasSize(2);
        app.request("PUT", LISTS + "/links/external:nobody/external:news").expect(404);
        app.request("PUT", LISTS + "/links/external:ada/nonsense").expect(404);
        app.request("PUT", "/v1/relationships/nothing/links/external:ada/external:news")
                .expect(404);
    }

    @Test
    void many_links_are_written_at_once_or_none_with_all_that_is_wrong() {
        var id = shop.get("/v1/contacts/external:bob").get("id").textValue();
        var written = app.request("POST", LISTS + "/links", """
                {"add": [{"from": "external:ada", "to": "external:news"}, {"from": "%s", "to": "external:news"},
                         {"from": "external:ada", "to": "external:news"}]}
                """.formatted(id))
                .expect(200)
                .json();
        assertThat(written.toString()).isEqualTo("{\"added\":2,\"removed\":0}");

        assertThat(Shop.errors(
                        app.request("POST", LISTS + "/links", """
                                {"add": [{"from": "external:x", "to": "y"}, {"to": "external:news"}],
                                 "remove": [{"from": "external:bob", "to": "external:none"}]}
                                """).expect(422).json()))
                .containsExactly(
                        "/add/0/from unknown-record",
                        "/add/0/to unknown-record",
                        "/add/1/from required",
                        "/remove/0/to unknown-record");
        assertThat(Shop.errors(
                        app.request("POST", LISTS + "/links", """
                                {"add": [{"from": "external:ada", "to": "external:sale"}],
                                 "remove": [{"from": "external:ada", "to": "external:sale"}]}
                                """).expect(422).json()))
                .containsExactly("/remove/0 duplicate");
        app.request("POST", LISTS + "/links", "{\"add\": [null]}").expect(422);
        var pair = "{\"from\": \"external:ada\", \"to\": \"external:news\"}";
        app.request(
                        "POST",
                        LISTS + "/links",
                        "{\"add\": ["
                                + IntStream.range(0, 1001).mapToObj(_ -> pair).collect(joining(",")) + "]}")
                .expect(413);

        assertThat(app.request("POST", LISTS + "/links", """
                        {"add": [{"from": "external:carl", "to": "external:sale"}],
                         "remove": [{"from": "external:ada", "to": "external:news"},
                                    {"from": "external:carl", "to": "external:news"}]}
                        """).expect(200).json().toString())
                .isEqualTo("{\"added\":1,\"removed\":1}");
        assertThat(shop.links()).containsExactly("contact_marketing_list bob news", "contact_marketing_list carl sale");
    }

    @Test
    void links_are_read_from_either_side_page_by_page() {
        for (var contact : List.of("ada", "bob", "carl")) {
            app.request("PUT", LISTS + "/links/external:" + contact + "/external:news")
                    .expect(204);
        }
        app.request("PUT", LISTS + "/links/external:bob/external:sale").expect(204);

        var first = shop.get(LISTS + "/links?limit=2");
        var rest = shop.get(LISTS + "/links?limit=2&cursor=" + first.get("next").textValue());

        assertThat(first.at("/items/0/from/externalId").textValue()).isEqualTo("ada");
        assertThat(first.at("/items/0/to/externalId").textValue()).isEqualTo("news");
        assertThat(first.at("/items/0").fieldNames()).toIterable().containsExactlyInAnyOrder("from", "to", "since");
        assertThat(rest.get("items")).hasSize(2);
        assertThat(rest.get("next").isNull()).isTrue();
        assertThat(shop.get(LISTS + "/links?from=external:bob").get("items")).hasSize(2);
        assertThat(shop.get(LISTS + "/links?to=external:sale").get("items")).hasSize(1);
        assertThat(shop.get(LISTS + "/links?to=external:sale&from=external:ada").get("items"))
                .isEmpty();
        assertThat(shop.get(LISTS + "/links?from=external:nobody").get("items")).isEmpty();
    }

    @Test
    void links_of_a_lookup_are_read_here_and_written_there() {
        shop.put("/v1/profiles/opportunity/external:1", "{\"attributes\": {\"contact\": \"ada\"}}");
        var links = "/v1/relationships/opportunity_contact/links";

        assertThat(shop.get(links + "?to=external:ada")
                        .at("/items/0/from/externalId")
                        .textValue())
                .isEqualTo("1");
        for (var attempt : List.of(
                app.request("PUT", links + "/external:1/external:bob"),
                app.request("DELETE", links + "/external:1/external:ada"),
                app.request("POST", links, "{}"))) {
            assertThat(attempt.expect(409).json().get("detail").textValue()).contains("write that attribute instead");
        }
    }

    @Test
    void a_relationship_of_ones_own_goes_when_its_links_are_gone() {
        app.request("POST", "/v1/relationships", "{\"key\": \"knows\", \"from\": \"contact\", \"to\": \"contact\"}")
                .expect(201);
        app.request("PUT", "/v1/relationships/knows/links/external:ada/external:bob")
                .expect(204);
        assertThat(shop.contactWord()).contains("{1,2} {relationship/knows}");

        assertThat(Shop.type(app.request("DELETE", "/v1/relationships/knows")
                        .expect(409)
                        .json()))
                .isEqualTo("in-use");
        app.request("DELETE", "/v1/relationships/knows/links/external:ada/external:bob")
                .expect(204);
        app.request("DELETE", "/v1/relationships/knows").expect(204);
    }

    @Test
    void links_that_are_written_while_their_list_is_deleted_are_gone_with_it() throws Exception {
        var links = IntStream.range(0, 6).mapToObj(number -> (Callable<Integer>) () -> app.request(
                        "PUT",
                        LISTS + "/links/external:"
                                + List.of("ada", "bob", "carl").get(number % 3) + "/external:news")
                .status());
        var deleting = (Callable<Integer>) () -> app.request("DELETE", "/v1/profiles/marketing_list/external:news")
                .status();

        assertThat(Shop.atOnce(Stream.concat(links, Stream.of(deleting)).toList()))
                .isSubsetOf(204, 404)
                .contains(204);

        assertThat(shop.texts("select count(*) from link")).containsExactly("0");
    }
}
