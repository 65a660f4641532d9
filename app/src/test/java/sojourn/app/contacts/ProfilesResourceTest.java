package sojourn.app.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.security.Role;
import sojourn.testing.App;

class ProfilesResourceTest {

    private static final String ACME = "/v1/profiles/account/external:acme";

    @RegisterExtension
    static final App app = new App();

    private final Shop shop = new Shop(app);

    @BeforeEach
    void nothing_is_there() {
        shop.clear();
    }

    @Test
    void a_record_is_made_and_read_back() {
        var made = app.request("POST", "/v1/profiles/account", """
                {"externalId": "acme", "attributes": {"name": "ACME Ltd", "employees": 120, "annualRevenue": 1.50,
                 "city": ""}}
                """).expect(201);

        var id = made.json().get("id").textValue();
        assertThat(UUID.fromString(id).version()).isEqualTo(7);
        assertThat(made.header("Location")).endsWith("/v1/profiles/account/" + id);
        assertThat(made.header("ETag")).isEqualTo("\"1\"");
        assertThat(made.json().fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("id", "type", "externalId", "attributes", "createdAt", "updatedAt");
        assertThat(made.json().get("type").textValue()).isEqualTo("account");
        assertThat(made.json().at("/attributes/employees").intValue()).isEqualTo(120);
        assertThat(made.json().at("/attributes").has("city")).isFalse();
        for (var path : List.of(ACME, "/v1/profiles/account/" + id)) {
            var read = app.request("GET", path).expect(200);
            assertThat(read.json()).isEqualTo(made.json());
            assertThat(read.header("ETag")).isEqualTo("\"1\"");
        }
        assertThat(shop.texts("select folded::text from profile")).containsExactly("{\"name\": \"acme ltd\"}");
        assertThat(shop.recordWord()).containsExactly("account {1}");
        app.request("POST", "/v1/profiles/account", "{\"externalId\": \"acme\"}")
                .expect(409);
        app.request("GET", "/v1/profiles/event/" + id).expect(404);
    }

    @Test
    void a_post_with_an_idempotency_key_makes_one_record() {
        var once = app.admin().with("Idempotency-Key", "make");

        var first = once.request("POST", "/v1/profiles/account", "{\"attributes\": {\"name\": \"A\"}}")
                .expect(201);
        var second = once.request("POST", "/v1/profiles/account", "{\"attributes\": {\"name\": \"A\"}}")
                .expect(201);

        assertThat(second.json()).isEqualTo(first.json());
        assertThat(shop.texts("select count(*) from profile")).containsExactly("1");
    }

    @Test
    void a_put_replaces_and_a_patch_merges() {
        var made = app.request("PUT", ACME, "{\"attributes\": {\"name\": \"ACME\", \"city\": \"Berlin\"}}")
                .expect(201);

        var same = app.request("PUT", ACME, made.body()).expect(200);
        assertThat(same.header("ETag")).isEqualTo("\"1\"");
        assertThat(shop.recordWord()).hasSize(1);

        var patched = app.admin()
                .with("Content-Type", "application/merge-patch+json")
                .request("PATCH", ACME, "{\"attributes\": {\"city\": null, \"industry\": \"Retail\"}}")
                .expect(200);
        assertThat(patched.header("ETag")).isEqualTo("\"2\"");
        assertThat(patched.json().get("attributes").toString())
                .isEqualTo("{\"name\":\"ACME\",\"industry\":\"Retail\"}");

        var put = app.request(
                        "PUT",
                        "/v1/profiles/account/" + made.json().get("id").textValue(),
                        "{\"attributes\": {\"country\": \"DE\"}}")
                .expect(200);
        assertThat(put.json().get("attributes").toString()).isEqualTo("{\"country\":\"DE\"}");
        assertThat(put.json().get("externalId").textValue()).isEqualTo("acme");
        assertThat(app.request("PATCH", ACME, "{\"attributes\": null}")
                        .expect(200)
                        .json()
                        .get("attributes"))
                .isEmpty();
        app.request("PATCH", "/v1/profiles/account/external:nobody", "{}").expect(404);
    }

    @Test
    void an_external_id_comes_once_and_stays() {
        var id = app.request("POST", "/v1/profiles/account", "{}")
                .expect(201)
                .json()
                .get("id")
                .textValue();
        shop.put(ACME, "{}");

        assertThat(app.request("PATCH", "/v1/profiles/account/" + id, "{\"externalId\": \"acme\"}")
                        .expect(409)
                        .json()
                        .get("detail")
                        .textValue())
                .isEqualTo("Another account has this external id");
        app.request("PATCH", "/v1/profiles/account/" + id, "{\"externalId\": \"new\"}")
                .expect(200);
        for (var other : List.of("\"other\"", "null")) {
            assertThat(Shop.errors(app.request("PATCH", "/v1/profiles/account/" + id, "{\"externalId\": " + other + "}")
                            .expect(422)
                            .json()))
                    .containsExactly("/externalId fixed");
        }
        assertThat(Shop.errors(app.request("PUT", ACME, "{\"externalId\": \"other\"}")
                        .expect(422)
                        .json()))
                .containsExactly("/externalId mismatch");
    }

    @Test
    void a_stale_change_is_refused() {
        shop.put(ACME, "{}");
        var stale = app.admin().with("If-Match", "\"7\"");

        stale.request("PUT", ACME, "{\"attributes\": {\"name\": \"B\"}}").expect(412);
        stale.request("PUT", ACME + "2", "{}").expect(412);
        stale.request("PATCH", ACME, "{\"attributes\": {\"name\": \"B\"}}").expect(412);
        stale.request("DELETE", ACME).expect(412);
        app.admin().with("If-Match", "\"1\"").request("DELETE", ACME).expect(204);
    }

    @Test
    void everything_wrong_is_said_at_once() {
        var problem = app.request("PUT", "/v1/profiles/opportunity/external:1", """
                {"externalId": "2", "email": "x", "name": "x", "attributes": {"amount": "12", "closesOn": "soon",
                 "account": "nowhere", "contact": 7, "stag": "x", "name": ["a"], "createdAt": "2026-11-01T00:00:00Z"}}
                """)
                .expect(422)
                .json();

        assertThat(Shop.errors(problem))
                .containsExactlyInAnyOrder(
                        "/externalId mismatch",
                        "/email unknown-field",
                        "/name unknown-field",
                        "/attributes/amount wrong-type",
                        "/attributes/closesOn wrong-type",
                        "/attributes/account unknown-record",
                        "/attributes/contact wrong-type",
                        "/attributes/stag unknown-attribute",
                        "/attributes/name wrong-type",
                        "/attributes/createdAt unknown-attribute");
        assertThat(problem.toString()).contains("did you mean `stage`?", "declared attributes stand in `attributes`");
        app.request("PUT", "/v1/profiles/opportunity/external:" + "x".repeat(256), "{}")
                .expect(404);
        app.request("POST", "/v1/profiles/account", "[]").expect(422);
        app.request("POST", "/v1/profiles/account", "{").expect(400);
    }

    @Test
    void contacts_and_unknown_types_are_not_here() {
        for (var method : List.of("GET", "PUT", "PATCH", "DELETE")) {
            var body = method.equals("GET") ? "" : "{}";
            assertThat(app.request(method, "/v1/profiles/contact/external:1", body)
                            .expect(404)
                            .json()
                            .get("detail")
                            .textValue())
                    .contains("/v1/contacts");
            app.request(method, "/v1/profiles/boat/external:1", body).expect(404);
        }
        app.request("POST", "/v1/profiles/contact", "{}").expect(404);
        app.request("GET", "/v1/profiles/boat").expect(404);
    }

    @Test
    void records_are_listed_and_found() {
        for (var number = 0; number < 5; number++) {
            shop.put(
                    "/v1/profiles/account/external:" + number,
                    "{\"attributes\": {\"name\": \"Shop %s\"}}".formatted(number));
        }
        shop.put("/v1/profiles/event/external:9", "{\"attributes\": {\"name\": \"Shop 9\"}}");

        var first = shop.get("/v1/profiles/account?limit=3");
        var rest = shop.get(
                "/v1/profiles/account?limit=3&cursor=" + first.get("next").textValue());

        assertThat(first.get("items").findValuesAsText("externalId")).containsExactly("0", "1", "2");
        assertThat(rest.get("items").findValuesAsText("externalId")).containsExactly("3", "4");
        assertThat(shop.get("/v1/profiles/account?q=SHOP%203").get("items").findValuesAsText("externalId"))
                .containsExactly("3");
        assertThat(shop.get("/v1/profiles/account?externalId=4").get("items").findValuesAsText("externalId"))
                .containsExactly("4");
        app.request("GET", "/v1/profiles/account?limit=0").expect(422);
        app.request("GET", "/v1/profiles/account?cursor=nonsense").expect(422);
    }

    @Test
    void viewers_see_no_contact_points() {
        shop.put("/v1/profiles/lead/external:1", """
                {"attributes": {"email": "ada@example.com", "phone": "+4930123456", "firstName": "Ada"}}
                """);
        var viewer = app.as(Role.VIEWER);

        assertThat(viewer.request("GET", "/v1/profiles/lead/external:1")
                        .expect(200)
                        .json()
                        .get("attributes")
                        .fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("firstName", "contact");
        assertThat(viewer.request("GET", "/v1/profiles/lead").expect(200).body())
                .doesNotContain("example", "4930");
        assertThat(viewer.request("GET", "/v1/profiles/lead?q=ada@example.com")
                        .expect(200)
                        .json()
                        .get("items"))
                .isEmpty();
    }

    @Test
    void many_who_put_the_same_record_at_once_make_one() throws Exception {
        var puts = IntStream.range(0, 8)
                .mapToObj(number -> (Callable<Integer>)
                        () -> app.request("PUT", ACME, "{\"attributes\": {\"name\": \"%s\"}}".formatted(number))
                                .status())
                .toList();

        assertThat(Shop.atOnce(puts)).containsOnlyOnce(201).containsOnly(200, 201);

        assertThat(shop.texts("select count(*) from profile")).containsExactly("1");
    }

    @Test
    void a_type_that_has_records_stays() {
        app.request("POST", "/v1/profile-types", "{\"key\": \"boat\", \"attributes\": {\"length\": \"number\"}}")
                .expect(201);
        shop.put("/v1/profiles/boat/external:1", "{\"attributes\": {\"length\": 7}}");

        for (var attempt : List.of(
                app.request("DELETE", "/v1/profile-types/boat"),
                app.request("PATCH", "/v1/profile-types/boat", "{\"attributes\": {\"length\": null}}"))) {
            assertThat(Shop.type(attempt.expect(409).json())).isEqualTo("in-use");
            assertThat(attempt.json().get("detail").textValue()).contains("records");
        }
        app.request("DELETE", "/v1/profiles/boat/external:1").expect(204);
        app.request("DELETE", "/v1/profiles/boat/external:1").expect(404);
        app.request("DELETE", "/v1/profile-types/boat").expect(204);
    }
}
