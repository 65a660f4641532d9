package sojourn.app.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.Transactions;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** Attributes that nobody declared, and what becomes of their values when somebody does. */
class UndeclaredValuesTest {

    private static final String DECLARED = """
            {"attributes": {"age": "number", "zip": "text", "vip": "boolean", "born": "date", "seen": "timestamp",
             "tier": {"type": "option", "options": ["gold", "silver"]},
             "likes": {"type": "options", "options": ["rock", "jazz"]}, "boss": "lookup"}}
            """;

    @RegisterExtension
    static final App app = new App();

    @BeforeEach
    void anything_may_be_sent() {
        Transactions.use(app.jdbi(), handle -> {
            handle.execute("truncate contact, profile, link restart identity");
            handle.execute("delete from profile_attribute where not built_in");
            handle.execute("update profile_type set allow_undeclared = true");
        });
    }

    @Test
    void values_of_attributes_that_nobody_declared_are_kept_as_sent() throws Exception {
        put("1", "{\"age\": 36.5, \"vip\": true, \"note\": \"Ünï\", \"none\": null}");
        csv("externalId,attributes.note,age\n2,hello,7\n");

        assertThat(attributes("1").toString()).isEqualTo("{\"age\":36.5,\"vip\":true,\"note\":\"Ünï\"}");
        assertThat(attributes("2").toString()).isEqualTo("{\"age\":\"7\",\"note\":\"hello\"}");
        assertThat(codes(app.request("PATCH", "/v1/contacts/external:1", attributesOf("{\"a b\": 1, \"c\": [\"x\"]}"))
                        .expect(422)
                        .json()))
                .containsExactlyInAnyOrder("unknown-attribute", "wrong-type");
        app.request("PATCH", "/v1/profile-types/contact", "{\"allowUndeclared\": false}")
                .expect(200);
        assertThat(codes(app.request("PATCH", "/v1/contacts/external:1", attributesOf("{\"note\": \"x\"}"))
                        .expect(422)
                        .json()))
                .containsExactly("unknown-attribute");
        app.request("PATCH", "/v1/contacts/external:1", "{\"firstName\": \"Ada\"}")
                .expect(200);
        assertThat(attributes("1").get("note").textValue()).isEqualTo("Ünï");
        app.request("DELETE", "/v1/contacts/external:1").expect(204);
        String left = app.jdbi()
                .withHandle(handle -> handle.select("select attributes::text from contact where id = 1")
                        .mapTo(String.class)
                        .one());
        assertThat(left).isEqualTo("{}");
    }

    @Test
    void what_is_declared_later_is_as_if_it_had_been_declared_before() throws Exception {
        put("2", "{}");
        put("1", """
                {"age": 36, "zip": 10115, "vip": true, "born": "2000-02-29", "seen": "2026-11-01T10:00:00+02:00",
                 "tier": "GOLD", "boss": "%s", "other": 1}
                """.formatted(uuid("2")));
        csv("externalId,age,zip,vip,seen,likes,boss\n3,36.0,010,TRUE,2026-11-01T08:00:00Z,rock; JAZZ,2\n");

        app.request("PATCH", "/v1/profile-types/contact", DECLARED).expect(200);

        assertThat(attributes("1").toString())
                .isEqualTo("{\"age\":36,\"vip\":true,\"zip\":\"10115\",\"born\":\"2000-02-29\",\"boss\":\"2\","
                        + "\"seen\":\"2026-11-01T08:00:00Z\",\"tier\":\"gold\",\"other\":1}");
        assertThat(attributes("3").toString())
                .isEqualTo("{\"age\":36,\"vip\":true,\"zip\":\"010\",\"boss\":\"2\",\"seen\":\"2026-11-01T08:00:00Z\","
                        + "\"likes\":[\"rock\",\"jazz\"]}");
        assertThat(count("age == 36 && ISTRUE(vip) && seen == '2026-11-01T08:00:00Z' && boss == '2'"))
                .isEqualTo(2);
        assertThat(count("tier == 'Gold' && born == '2000-02-29' && zip == '10115'"))
                .isEqualTo(1);
        assertThat(count("CONTAINSALL(likes, 'jazz', 'rock')")).isEqualTo(1);
        assertThat(folded("1")).isEqualTo("{zip=10115, tier=gold, state=active, externalId=1}");
        app.request("POST", "/v1/relationships", """
                {"key": "contact_boss", "from": "contact", "attribute": "boss", "to": "contact"}
                """).expect(201);
        assertThat(count("age == 36", ".TRAVERSE(contact_boss)")).isEqualTo(1);
        app.request("DELETE", "/v1/relationships/contact_boss").expect(204);
    }

    @Test
    void where_a_value_does_not_fit_nothing_is_declared_and_its_contacts_are_named() {
        put("1", "{\"age\": 36, \"born\": \"tomorrow\", \"zip\": 1, \"likes\": \"secret;jazz\"}");
        put("2", "{\"age\": \"secret\", \"born\": \"2026-11-01\", \"boss\": \"nobody\"}");
        put("3", "{\"vip\": \"secret\"}");

        var problem = app.request("PATCH", "/v1/profile-types/contact", DECLARED)
                .expect(422)
                .json();

        assertThat(problem.get("errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder(
                        "/attributes/age",
                        "/attributes/vip",
                        "/attributes/born",
                        "/attributes/likes",
                        "/attributes/boss");
        assertThat(problem.get("errors").findValuesAsText("code")).containsOnly("values-do-not-fit");
        assertThat(problem.get("errors").findValuesAsText("detail"))
                .contains(
                        "1 of the 2 values that records have already do not fit: those of %s (a number would fit, digits with an optional point)"
                                .formatted(uuid("2")),
                        "1 of the 2 values that records have already do not fit: those of %s (a date would fit, 2026-11-01)"
                                .formatted(uuid("1")));
        assertThat(problem.toString()).doesNotContain("secret", "tomorrow", "nobody");
        assertThat(app.request("GET", "/v1/profile-types/contact").json().at("/attributes/age"))
                .isEmpty();
        assertThat(attributes("1").get("zip").isNumber()).isTrue();
    }

    @Test
    void records_of_other_types_are_looked_through_too() {
        app.request(
                        "PUT",
                        "/v1/profiles/account/external:acme",
                        attributesOf("{\"since\": \"2026-11-01\", \"size\": \"12\"}"))
                .expect(201);
        app.request("PUT", "/v1/profiles/event/external:fair", attributesOf("{\"size\": \"large\"}"))
                .expect(201);

        app.request(
                        "PATCH",
                        "/v1/profile-types/account",
                        "{\"attributes\": {\"since\": \"date\", \"size\": \"number\"}}")
                .expect(200);

        assertThat(app.request("GET", "/v1/profiles/account/external:acme")
                        .json()
                        .get("attributes")
                        .toString())
                .isEqualTo("{\"size\":12,\"since\":\"2026-11-01\"}");
    }

    @Test
    void very_many_values_are_taken_over_too_and_all_or_none() {
        app.jdbi().useHandle(handle -> handle.execute("""
                insert into contact (external_id, attributes, folded, created_at, updated_at)
                select n, jsonb_build_object('age', n::text), jsonb_build_object('age', n::text), now(), now()
                from generate_series(1, 12000) as n
                """));
        put("odd", "{\"age\": \"odd\"}");

        app.request("PATCH", "/v1/profile-types/contact", "{\"attributes\": {\"age\": \"number\"}}")
                .expect(422);
        assertThat(numbers()).isZero();
        put("odd", "{\"age\": \"0\"}");
        app.request("PATCH", "/v1/profile-types/contact", "{\"attributes\": {\"age\": \"number\"}}")
                .expect(200);

        assertThat(numbers()).isEqualTo(12001);
        assertThat(count("age >= 11900")).isEqualTo(101);
    }

    @Test
    void an_import_under_way_follows_what_is_declared_meanwhile() throws Exception {
        var held = app.jdbi().open().begin();
        String job;
        try (held) {
            DeclarationLock.take(held);
            job = start("externalId,age\n1,36\n2,old\n");
            Eventually.holds(() -> isWaitedFor());
            held.attach(ProfileTypeDao.class).put("contact", "age", "number", null, null);
            held.commit();
        }

        Eventually.holds(
                () -> !app.request("GET", job).json().get("state").textValue().equals("running"));
        assertThat(app.request("GET", job).json().get("problems").toString())
                .contains("\"line\":3,\"code\":\"wrong-type\"");
        assertThat(attributes("1").toString()).isEqualTo("{\"age\":36}");
    }

    @Test
    void what_was_stored_wrongly_all_the_same_is_nothing_to_queries_and_makes_no_drift() throws Exception {
        app.request("PATCH", "/v1/profile-types/contact", DECLARED).expect(200);
        put("1", "{}");
        app.jdbi().useHandle(handle -> handle.execute("""
                update contact set attributes = '{"born": "infinity", "seen": "tomorrow", "likes": "rock"}'
                """));
        var conditions = List.of(
                "ISNOTNULL(born)",
                "ISNOTNULL(seen)",
                "ISNOTNULL(likes)",
                "DATEDIFF(MONTH, born, TODAY()) > -100000",
                "DATEADD(DAY, 1, seen) > TODAY()");

        for (var condition : conditions) {
            assertThat(count(condition)).as(condition).isZero();
        }
        var query = "PROFILE(contact).FILTER(" + String.join(" || ", conditions) + ")";
        app.request("POST", "/v1/segments", Map.of("key", "odd", "name", "Odd", "kind", "dynamic", "query", query))
                .expect(201);
        app.request("POST", "/v1/segments/odd/go-live").expect(202);
        Eventually.holds(() -> evaluations("odd").size() == 1);
        app.request("PATCH", "/v1/contacts/external:1", "{\"firstName\": \"Ada\"}")
                .expect(200);
        Eventually.holds(() -> app.jdbi()
                        .withHandle(handle -> handle.select("select count(*) from change")
                                .mapTo(Long.class)
                                .one())
                == 0);
        app.request("POST", "/v1/segments/odd/evaluate").expect(202);
        Eventually.holds(() -> evaluations("odd").size() == 2);
        assertThat(evaluations("odd").findValuesAsText("drift")).containsOnly("0");
        assertThat(evaluations("odd").findValuesAsText("size")).containsOnly("0");
    }

    private static JsonNode evaluations(String segment) {
        return app.request("GET", "/v1/segments/" + segment + "/evaluations")
                .json()
                .get("items");
    }

    private static long numbers() {
        return app.jdbi()
                .withHandle(handle -> handle.select("""
                        select count(*) from contact
                        where jsonb_typeof(attributes -> 'age') = 'number' and not folded ?? 'age'
                        """).mapTo(Long.class).one());
    }

    private static boolean isWaitedFor() {
        return app.jdbi()
                .withHandle(handle -> handle.select("""
                        select exists (select from pg_locks where locktype = 'advisory' and objid = 7305003 and not granted)
                        """).mapTo(Boolean.class).one());
    }

    private static long count(String condition) {
        return count(condition, "");
    }

    private static long count(String condition, String then) {
        return app.request(
                        "POST",
                        "/v1/segments/estimate",
                        Map.of("query", "PROFILE(contact).FILTER(" + condition + ")" + then))
                .expect(200)
                .json()
                .get("count")
                .longValue();
    }

    private static void put(String externalId, String attributes) {
        app.request("PUT", "/v1/contacts/external:" + externalId, attributesOf(attributes));
    }

    private static String attributesOf(String attributes) {
        return "{\"attributes\": " + attributes + "}";
    }

    private static JsonNode contact(String externalId) {
        return app.request("GET", "/v1/contacts/external:" + externalId)
                .expect(200)
                .json();
    }

    private static JsonNode attributes(String externalId) {
        return contact(externalId).get("attributes");
    }

    private static String uuid(String externalId) {
        return contact(externalId).get("id").textValue();
    }

    private static String folded(String externalId) {
        return app.jdbi()
                .withHandle(handle -> handle.select(
                                "select string_agg(key || '=' || value, ', ' order by length(key), key) from contact, jsonb_each_text(folded) where external_id = ?",
                                externalId)
                        .mapTo(String.class)
                        .map(text -> "{" + text + "}")
                        .one());
    }

    private static List<String> codes(JsonNode problem) {
        return problem.get("errors").findValuesAsText("code");
    }

    private static void csv(String table) throws InterruptedException {
        var job = start(table);
        Eventually.holds(
                () -> app.request("GET", job).json().get("state").textValue().equals("succeeded"));
    }

    private static String start(String table) {
        return app.admin()
                .with("Content-Type", "text/csv")
                .request("POST", "/v1/contacts/import", table)
                .expect(202)
                .header("Location")
                .replaceFirst("^https?://[^/]*", "");
    }
}
