package sojourn.app.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.Transactions;
import sojourn.testing.App;

class ContactsResourceTest {

    private static final String ADA = """
            {"externalId": "42", "email": "Ada@Example.com", "firstName": "Ada", "lastName": "Byron",
             "phone": "+4930123456", "locale": "de-DE", "timeZone": "Europe/Berlin", "latitude": 52.5, "longitude": 13,
             "address": {"city": "Berlin", "postalCode": "10115", "country": "de"},
             "attributes": {"tier": "GOLD", "age": 36, "score": 1.50, "born": "1815-12-10", "likes": ["tea", "maths"],
                            "since": "2026-11-01T09:00:00+01:00", "vip": true, "note": ""}}
            """;

    @RegisterExtension
    static final App app = new App();

    @BeforeEach
    void attributes_are_declared_and_nobody_is_there() {
        // The loops of the app may hold the same tables in another order.
        Transactions.use(
                app.jdbi(),
                handle -> handle.execute("truncate contact, change, change_seen, do_not_contact restart identity"));
        app.request("PATCH", "/v1/profile-types/contact", """
                {"attributes": {"tier": {"type": "option", "options": ["gold", "silver"]}, "age": "number",
                 "score": "number", "born": "date", "since": "timestamp", "vip": "boolean", "note": "text",
                 "likes": {"type": "options", "options": ["tea", "maths", "music"]}}}
                """).expect(200);
    }

    @Test
    void a_contact_is_made_and_read_back() {
        var made = app.request("PUT", "/v1/contacts/external:42", ADA).expect(201);
        var read = app.request("GET", "/v1/contacts/external:42").expect(200);

        assertThat(read.json()).isEqualTo(made.json());
        assertThat(read.header("ETag")).isEqualTo("\"1\"");
        assertThat(read.json().get("email").textValue()).isEqualTo("Ada@Example.com");
        assertThat(read.json().at("/address/country").textValue()).isEqualTo("DE");
        assertThat(read.json().get("state").textValue()).isEqualTo("active");
        assertThat(read.json().get("attributes").toString()).isEqualTo("""
                {"age":36,"vip":true,"born":"1815-12-10","tier":"gold","likes":["tea","maths"],"score":1.5,\
                "since":"2026-11-01T08:00:00Z"}""");
        var id = read.json().get("id").textValue();
        assertThat(UUID.fromString(id).version()).isEqualTo(7);
        assertThat(app.request("GET", "/v1/contacts/" + id).expect(200).json()).isEqualTo(read.json());
        assertThat(texts("select folded from contact")).containsExactly("""
                {"tier": "gold", "email": "ada@example.com", "likes": ["tea", "maths"], "phone": "+4930123456", \
                "state": "active", "locale": "de-de", "lastName": "byron", "timeZone": "europe/berlin", \
                "firstName": "ada", "externalId": "42", "address.city": "berlin", "address.country": "de", \
                "address.postalCode": "10115"}""");
        assertThat(texts("select consumer || contact_ids::text || causes::text from change_seen"))
                .containsExactlyInAnyOrder("runs{1}{profile}", "segments{1}{profile}");
    }

    @Test
    void a_put_replaces_and_what_was_read_can_be_put_again() {
        var made = app.request("PUT", "/v1/contacts/external:42", ADA).expect(201);

        var same = app.request("PUT", "/v1/contacts/external:42", made.body()).expect(200);
        assertThat(same.header("ETag")).isEqualTo("\"1\"");

        var replaced = app.request("PUT", "/v1/contacts/external:42", "{\"firstName\": \"A.\"}")
                .expect(200);
        assertThat(replaced.header("ETag")).isEqualTo("\"2\"");
        assertThat(replaced.json().get("externalId").textValue()).isEqualTo("42");
        assertThat(replaced.json().get("email").isNull()).isTrue();
        assertThat(replaced.json().get("attributes")).isEmpty();
        assertThat(replaced.json().get("id")).isEqualTo(made.json().get("id"));
    }

    @Test
    void a_patch_merges_and_null_clears() {
        app.request("PUT", "/v1/contacts/external:42", ADA).expect(201);

        var patched = app.admin()
                .with("Content-Type", "application/merge-patch+json")
                .request("PATCH", "/v1/contacts/external:42", """
                        {"email": null, "lastName": "", "address": {"city": "Köln", "postalCode": null},
                         "attributes": {"tier": null, "age": 37}}
                        """)
                .expect(200)
                .json();

        assertThat(patched.get("email").isNull()).isTrue();
        assertThat(patched.get("lastName").isNull()).isTrue();
        assertThat(patched.get("firstName").textValue()).isEqualTo("Ada");
        assertThat(patched.get("address").toString()).isEqualTo("{\"city\":\"Köln\",\"country\":\"DE\"}");
        assertThat(patched.at("/attributes/age").intValue()).isEqualTo(37);
        assertThat(patched.at("/attributes").has("tier")).isFalse();
        assertThat(patched.at("/attributes/vip").booleanValue()).isTrue();
        app.request("PATCH", "/v1/contacts/external:nobody", "{}").expect(404);
    }

    @Test
    void a_stale_change_is_refused() {
        app.request("PUT", "/v1/contacts/external:42", ADA).expect(201);
        var stale = app.admin().with("If-Match", "\"7\"");

        stale.request("PATCH", "/v1/contacts/external:42", "{\"firstName\": \"B\"}")
                .expect(412);
        stale.request("PUT", "/v1/contacts/external:42", "{}").expect(412);
        stale.request("PUT", "/v1/contacts/external:43", "{}").expect(412);
        stale.request("DELETE", "/v1/contacts/external:42").expect(412);
        app.admin()
                .with("If-Match", "\"1\"")
                .request("PATCH", "/v1/contacts/external:42", "{\"firstName\": \"B\"}")
                .expect(200);
    }

    @Test
    void everything_wrong_is_said_at_once_and_no_value_is_quoted() {
        var problem = app.request("PUT", "/v1/contacts/external:42", """
                {"externalId": "43", "email": "secret@", "phone": "secret", "locale": "de_DE", "timeZone": "Berlin",
                 "firstName": 7, "lastName": "%s", "latitude": 91, "longitude": "13", "state": "erased",
                 "address": {"city": "x", "country": "ZZ", "zip": "1"}, "tier": "gold", "emial": "x",
                 "attributes": {"teir": "gold", "tier": "secret", "age": "36", "born": "10.12.1815", "since": "2026-11-01",
                                "vip": "yes", "score": 1e400, "likes": "tea", "note": {"a": 1}}}
                """.formatted("x".repeat(300)))
                .expect(422);

        assertThat(problem.body()).doesNotContain("secret");
        assertThat(errors(problem.json()))
                .containsExactlyInAnyOrder(
                        "/externalId mismatch",
                        "/email invalid-email",
                        "/phone invalid-phone",
                        "/locale invalid-locale",
                        "/timeZone invalid-time-zone",
                        "/firstName wrong-type",
                        "/lastName too-long",
                        "/latitude out-of-range",
                        "/longitude wrong-type",
                        "/state unknown-option",
                        "/address/country invalid-country",
                        "/address/zip unknown-field",
                        "/tier unknown-field",
                        "/emial unknown-field",
                        "/attributes/teir unknown-attribute",
                        "/attributes/tier unknown-option",
                        "/attributes/age wrong-type",
                        "/attributes/born wrong-type",
                        "/attributes/since wrong-type",
                        "/attributes/vip wrong-type",
                        "/attributes/score out-of-range",
                        "/attributes/likes wrong-type",
                        "/attributes/note wrong-type");
        assertThat(problem.body()).contains("did you mean `email`?", "did you mean `tier`?");
    }

    @Test
    void odd_bodies_and_references_are_refused_without_harm() {
        for (var body :
                List.of("[]", "7", "null", "{\"a\":", "", "\"x\"", "{\"firstName\": \"\\u0000\"}", "[".repeat(3000))) {
            assertThat(app.request("PUT", "/v1/contacts/external:42", body).status())
                    .as(body)
                    .isIn(400, 422);
        }
        for (var reference : List.of("42", "external:", "1-1-1-1-1", "null", "%F0%9F%A6%89")) {
            assertThat(app.request("PUT", "/v1/contacts/" + reference, "{}").status())
                    .as(reference)
                    .isIn(400, 404, 422);
        }
    }

    @Test
    void external_ids_with_odd_characters_are_percent_encoded() {
        for (var id : List.of("a%20b", "%C3%BC", "a%3Ab", "a+b", "a%3Fb%23c", "a%2Fb", "50%25", "a%3Bb")) {
            app.request("PUT", "/v1/contacts/external:" + id, "{\"firstName\": \"Odd\"}")
                    .expect(201);
            app.request("GET", "/v1/contacts/external:" + id).expect(200);
        }
        assertThat(texts("select external_id from contact"))
                .containsExactlyInAnyOrder("a b", "ü", "a:b", "a+b", "a?b#c", "a/b", "50%", "a;b");
    }

    @Test
    void a_contact_may_come_with_its_own_uuid() {
        var id = "0193a7aa-0000-7000-8000-000000000001";
        app.request("PUT", "/v1/contacts/external:42", "{}").expect(201);

        app.request("PUT", "/v1/contacts/" + id, "{\"firstName\": \"Ada\"}").expect(201);

        app.request("PUT", "/v1/contacts/" + id, "{\"externalId\": \"42\"}").expect(409);
        app.request("PATCH", "/v1/contacts/" + id, "{\"externalId\": \"42\"}").expect(409);
        app.request("PATCH", "/v1/contacts/" + id, "{\"externalId\": \"44\"}").expect(200);
        assertThat(app.request("GET", "/v1/contacts/external:44")
                        .expect(200)
                        .json()
                        .get("id")
                        .textValue())
                .isEqualTo(id);
    }

    @Test
    void contacts_are_listed_searched_and_filtered() {
        app.request("PUT", "/v1/contacts/external:42", ADA).expect(201);
        app.request("PUT", "/v1/contacts/external:7", """
                {"firstName": "Grace", "email": "grace@example.com"}
                """).expect(201);

        assertThat(ids("/v1/contacts?limit=1")).containsExactly("42");
        var next = app.request("GET", "/v1/contacts?limit=1").json().get("next").textValue();
        assertThat(ids("/v1/contacts?limit=1&cursor=" + next)).containsExactly("7");
        assertThat(ids("/v1/contacts?q=GRA")).containsExactly("7");
        assertThat(ids("/v1/contacts?q=example.com")).containsExactly("42", "7");
        assertThat(ids("/v1/contacts?email=ada@example.COM")).containsExactly("42");
        assertThat(ids("/v1/contacts?externalId=7")).containsExactly("7");
        app.request("GET", "/v1/contacts?limit=0").expect(422);
        app.request("GET", "/v1/contacts?cursor=%27").expect(422);
    }

    @Test
    void a_viewer_sees_no_contact_points() {
        app.request("PUT", "/v1/contacts/external:42", ADA).expect(201);
        var viewer = app.as("viewer");

        var seen = viewer.request("GET", "/v1/contacts/external:42").expect(200);
        var list = viewer.request("GET", "/v1/contacts").expect(200);

        assertThat(seen.body() + list.body())
                .doesNotContainIgnoringCase("ada@example.com")
                .doesNotContain("+4930");
        assertThat(seen.json().get("firstName").textValue()).isEqualTo("Ada");
        assertThat(viewer.request("GET", "/v1/contacts?q=example").json().get("items"))
                .isEmpty();
        viewer.request("GET", "/v1/contacts?email=ada@example.com").expect(403);
    }

    @Test
    void an_erased_contact_leaves_nothing_personal() {
        var id = app.request("PUT", "/v1/contacts/external:42", ADA)
                .json()
                .get("id")
                .textValue();
        app.request("POST", "/v1/interaction-types", "{\"key\": \"Erasing\", \"properties\": {\"note\": \"text\"}}");
        app.request("POST", "/v1/interactions", """
                {"id": "byron-1", "type": "Erasing", "contact": "external:42", "bindingKey": "byron",
                 "properties": {"note": "Byron likes tea", "form": "f"}}
                """).expect(200);

        app.request("DELETE", "/v1/contacts/external:42").expect(204);

        app.request("GET", "/v1/contacts/external:42").expect(404);
        app.request("GET", "/v1/contacts/" + id).expect(404);
        app.request("PUT", "/v1/contacts/" + id, "{}").expect(409);
        app.request("DELETE", "/v1/contacts/" + id).expect(204);
        app.request("DELETE", "/v1/contacts/external:42").expect(404);
        var left = texts("select to_jsonb(c)::text from contact c union all select to_jsonb(i)::text from interaction i"
                + " union all select to_jsonb(s)::text from interaction_seen s");
        assertThat(left).hasSize(2).allSatisfy(row -> assertThat(row).doesNotContainIgnoringCase("byron"));
        assertThat(texts("select count(*) from interaction where properties is null"))
                .containsExactly("1");
        assertThat(texts("select count(*) from do_not_contact"))
                .as("the address and the number")
                .containsExactly("2");
        app.request("POST", "/v1/interactions", """
                {"id": "byron-1", "type": "Erasing", "contact": "external:42"}
                """).expect(422);
    }

    @Test
    void puts_of_one_contact_at_once_make_one() throws Exception {
        var puts = IntStream.range(0, 20)
                .<Callable<Integer>>mapToObj(
                        no -> () -> app.request("PUT", "/v1/contacts/external:race", "{\"firstName\": \"N" + no + "\"}")
                                .status())
                .toList();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var statuses = threads.invokeAll(puts).stream()
                    .map(done -> done.resultNow())
                    .toList();
            assertThat(statuses).containsOnlyOnce(201).containsOnly(200, 201);
        }
        assertThat(texts("select count(*) from contact")).containsExactly("1");
    }

    private static List<String> ids(String path) {
        return app.request("GET", path).expect(200).json().get("items").findValuesAsText("externalId");
    }

    private static List<String> errors(JsonNode problem) {
        return IntStream.range(0, problem.get("errors").size())
                .mapToObj(index -> problem.get("errors").get(index))
                .map(error -> error.get("pointer").textValue() + " "
                        + error.get("code").textValue())
                .toList();
    }

    private static List<String> texts(String sql) {
        return app.jdbi()
                .withHandle(handle -> handle.select(sql).mapTo(String.class).list());
    }
}
