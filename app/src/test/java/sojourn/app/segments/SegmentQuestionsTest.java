package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.security.Role;
import sojourn.testing.Answer;
import sojourn.testing.App;

/** What is answered is held against sums over what was sent. */
class SegmentQuestionsTest {

    private static final int CONTACTS = 60;

    @RegisterExtension
    static final App app = new App();

    private String key = "";

    /** Number i lives in Berlin, Paris or nowhere, is i years old, and bought i % 4 times, for 10, 20, 30. */
    @BeforeAll
    static void sendShop() {
        app.request("PATCH", "/v1/profile-types/contact", Map.of("attributes", Map.of("age", "number")))
                .expect(200);
        app.request("POST", "/v1/interaction-types", Map.of("key", "Bought", "properties", Map.of("amount", "number")))
                .expect(201);
        var bought = new ArrayList<Map<String, Object>>();
        for (var i = 0; i < CONTACTS; i++) {
            var contact = new HashMap<String, Object>();
            contact.put("email", "c" + i + "@example.com");
            contact.put("attributes", Map.of("age", i));
            if (i % 3 < 2) {
                contact.put("address", Map.of("city", i % 3 == 0 ? "Berlin" : "Paris"));
            }
            app.request("PUT", "/v1/contacts/external:" + i, contact).expect(201);
            for (var n = 1; n <= i % 4; n++) {
                bought.add(Map.of(
                        "id",
                        i + "-" + n,
                        "type",
                        "Bought",
                        "contact",
                        "external:" + i,
                        "occurredAt",
                        Instant.now().minus(n, ChronoUnit.DAYS).toString(),
                        "properties",
                        Map.of("amount", 10 * n)));
            }
        }
        app.request("POST", "/v1/interactions", bought).expect(200);
    }

    @BeforeEach
    void newKey() {
        key = "s" + UUID.randomUUID().toString().replace("-", "");
    }

    private static Set<String> who(IntPredicate condition) {
        return IntStream.range(0, CONTACTS)
                .filter(condition)
                .mapToObj(Integer::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> externalIds(JsonNode items) {
        return new TreeSet<>(items.findValuesAsText("externalId"));
    }

    private Answer create(String query) {
        return app.request("POST", "/v1/segments", Map.of("key", key, "timeZone", "Europe/Berlin", "query", query))
                .expect(201);
    }

    private Answer ask(String question, Object body) {
        return app.request("POST", "/v1/segments/" + question, body);
    }

    @Test
    void a_preview_shows_the_first_contacts_with_the_attributes_asked_for() {
        create("PROFILE(contact).FILTER(address.city == 'berlin' && age >= 10)");

        var saved = ask(key + "/preview", Map.of("limit", 3, "attributes", List.of("age", "address.city", "firstName")))
                .expect(200)
                .json()
                .path("items");

        assertThat(saved.findValuesAsText("externalId")).containsExactly("12", "15", "18");
        assertThat(saved.get(0).path("attributes").toString())
                .isEqualTo("{\"age\":12,\"address.city\":\"Berlin\",\"firstName\":null}");
        assertThat(saved.get(0).path("contactId").asText())
                .isEqualTo(app.request("GET", "/v1/contacts/external:12")
                        .json()
                        .path("id")
                        .asText());
        var all = ask(key + "/preview", "").expect(200).json().path("items");
        assertThat(externalIds(all)).isEqualTo(who(i -> i % 3 == 0 && i >= 10));
        assertThat(all.get(0).has("attributes")).isFalse();
    }

    @Test
    void a_query_that_is_not_saved_can_be_asked_about_as_well() {
        var query = "INTERACTION(Bought).HAVING(SUM(amount) > 25, DAYS(30)) EXCEPT PROFILE(contact).FILTER(age > 50)";
        var expected = who(i -> i % 4 >= 2 && i <= 50);

        var preview = ask("preview", Map.of("query", query, "attributes", List.of("attributes.age")));
        var estimate = ask("estimate", Map.of("query", query, "timeZone", "Asia/Tokyo"));

        assertThat(externalIds(preview.expect(200).json().path("items"))).isEqualTo(expected);
        assertThat(preview.json().at("/items/0/attributes/age").isNumber()).isTrue();
        assertThat(estimate.expect(200).body()).isEqualTo("{\"count\":" + expected.size() + ",\"exact\":true}");
    }

    @Test
    void everything_wrong_with_a_question_is_said_at_once() {
        var answer = ask(
                "preview",
                Map.of(
                        "query",
                        "PROFILE(contact).FILTER(agee > 3)",
                        "timeZone",
                        "Mars/Olympus",
                        "limit",
                        5000,
                        "attributes",
                        List.of("age", "adress.city", "nope")));

        var errors = answer.expect(422).json().path("errors");
        assertThat(errors.findValuesAsText("pointer"))
                .containsExactlyInAnyOrder("/timeZone", "/attributes/1", "/attributes/2", "/limit", "/query");
        assertThat(errors.toString()).contains("did you mean `address.city`?", "did you mean `age`?");
        assertThat(ask("preview", Map.of())
                        .expect(422)
                        .json()
                        .at("/errors/0/code")
                        .asText())
                .isEqualTo("missing");
        assertThat(ask("flow", Map.of("query", "PROFILE(contact) UNION"))
                        .expect(422)
                        .json()
                        .at("/errors/0/line")
                        .asInt())
                .isEqualTo(1);
        app.request("POST", "/v1/segments/no-such/preview").expect(404);
        create("PROFILE(contact)");
        ask(key + "/preview", Map.of("attributes", List.of("nope"), "limit", 0)).expect(422);
    }

    @Test
    void viewers_see_no_contact_points_and_cannot_ask_about_them() {
        create("PROFILE(contact).FILTER(email STARTSWITH 'c1@')");
        var viewer = app.as(Role.VIEWER);
        var wish = Map.of("attributes", List.of("email", "age", "phone"));

        var seen =
                viewer.request("POST", "/v1/segments/" + key + "/preview", wish).expect(200);
        var explained = viewer.request("GET", "/v1/segments/" + key + "/explain?contact=external:1")
                .expect(200);

        assertThat(seen.json().at("/items/0/attributes").toString()).isEqualTo("{\"age\":1}");
        assertThat(explained.json().path("tree").toString()).doesNotContain("c1@example.com");
        assertThat(app.request("GET", "/v1/segments/" + key + "/explain?contact=external:1")
                        .body())
                .contains("c1@example.com");
        for (var question : List.of("preview", "estimate", "flow", "explain")) {
            var guess = Map.of("query", "PROFILE(contact).FILTER(email STARTSWITH 'c')", "contact", "external:1");
            viewer.request("POST", "/v1/segments/" + question, guess).expect(403);
            viewer.request(
                            "POST",
                            "/v1/segments/" + question,
                            Map.of("query", "SEGMENT(" + key + ")", "contact", "external:1"))
                    .expect(200);
        }
    }

    @Test
    void a_flow_tells_of_each_block_whom_it_adds_and_removes() {
        var berlin = who(i -> i % 3 == 0);
        var twice = who(i -> i % 4 >= 2);
        var young = who(i -> i < 40);
        var big = who(i -> i % 4 == 3);
        var three = who(i -> i == 3);
        var youngAndSmall = minus(young, big);

        var flow = ask("flow", Map.of("query", """
                PROFILE(contact).FILTER(address.city == 'Berlin')
                UNION INTERACTION(Bought).HAVING(COUNT() >= 2)
                INTERSECT (PROFILE(contact).FILTER(age < 40) EXCEPT INTERACTION(Bought).HAVING(SUM(amount) > 30))
                EXCEPT PROFILE(contact).FILTER(age == 3 || age == 6)
                UNION PROFILE(contact).FILTER(age == 3)
                """)).expect(200).json();

        var first = berlin;
        var second = plus(first, twice);
        var third = common(second, youngAndSmall);
        var fourth = minus(third, who(i -> i == 3 || i == 6));
        var fifth = plus(fourth, three);
        var blocks = flow.path("blocks");
        expectStep(blocks.get(0), null, "/of/0/from/of/0/of/0", berlin, Set.of(), first);
        expectStep(blocks.get(1), "UNION", "/of/0/from/of/0/of/1", twice, first, second);
        expectStep(blocks.get(2), "INTERSECT", "/of/0/from/of/1", youngAndSmall, second, third);
        expectStep(blocks.get(3), "EXCEPT", "/of/0/without/0", who(i -> i == 3 || i == 6), third, fourth);
        expectStep(blocks.get(4), "UNION", "/of/1", three, fourth, fifth);
        var nested = blocks.get(2).path("blocks");
        expectStep(nested.get(0), null, "/of/0/from/of/1/from", young, Set.of(), young);
        expectStep(nested.get(1), "EXCEPT", "/of/0/from/of/1/without/0", big, young, youngAndSmall);
        assertThat(blocks.get(1).path("block").asText()).isEqualTo("INTERACTION(Bought).HAVING(COUNT() >= 2)");
        assertThat(blocks.get(1).has("blocks")).isFalse();
        assertThat(flow.path("count").asInt()).isEqualTo(fifth.size());
    }

    private static void expectStep(
            JsonNode step,
            @Nullable String operator,
            String path,
            Set<String> alone,
            Set<String> before,
            Set<String> after) {
        assertThat(step.path("operator").textValue()).isEqualTo(operator);
        assertThat(step.path("path").asText()).isEqualTo(path);
        assertThat(step.path("contacts").asInt()).isEqualTo(alone.size());
        assertThat(step.path("in").asInt()).isEqualTo(before.size());
        assertThat(step.path("added").asInt()).isEqualTo(minus(after, before).size());
        assertThat(step.path("removed").asInt()).isEqualTo(minus(before, after).size());
        assertThat(step.path("out").asInt())
                .isEqualTo(step.path("in").asInt()
                        + step.path("added").asInt()
                        - step.path("removed").asInt());
    }

    private static Set<String> plus(Set<String> one, Set<String> other) {
        var all = new HashSet<>(one);
        all.addAll(other);
        return all;
    }

    private static Set<String> minus(Set<String> one, Set<String> other) {
        var rest = new HashSet<>(one);
        rest.removeAll(other);
        return rest;
    }

    private static Set<String> common(Set<String> one, Set<String> other) {
        var both = new HashSet<>(one);
        both.retainAll(other);
        return both;
    }

    @Test
    void a_flow_of_a_segment_ends_with_its_estimate_and_one_of_too_many_blocks_is_refused() {
        create("SEGMENT(" + staticSegment("1", "2", "5") + ") EXCEPT PROFILE(contact).FILTER(age == 2)");

        var flow = ask(key + "/flow", "").expect(200).json();

        assertThat(flow.path("count").asInt()).isEqualTo(2);
        assertThat(ask(key + "/estimate", "").json().path("count").asInt()).isEqualTo(2);
        var many = IntStream.range(0, 201)
                .mapToObj(i -> "PROFILE(contact).FILTER(age == " + i + ")")
                .collect(Collectors.joining(" UNION "));
        ask("flow", Map.of("query", many)).expect(422);
        var most = many.substring(0, many.lastIndexOf(" UNION "));
        assertThat(ask("flow", Map.of("query", most))
                        .expect(200)
                        .json()
                        .path("count")
                        .asInt())
                .isEqualTo(CONTACTS);
    }

    private String staticSegment(String... members) {
        var segment = key + "-static";
        app.request("POST", "/v1/segments", Map.of("key", segment, "kind", "static"))
                .expect(201);
        app.request(
                        "POST",
                        "/v1/segments/" + segment + "/members",
                        Map.of(
                                "add",
                                List.of(members).stream()
                                        .map(id -> "external:" + id)
                                        .toList()))
                .expect(200);
        return segment;
    }

    @Test
    void an_edit_can_be_looked_at_before_it_is_saved() throws Exception {
        create("PROFILE(contact).FILTER(age < 20)");
        var asDraft = ask(key + "/edit/preview", "").expect(200).json();
        assertThat(asDraft.path("joining").asInt()).isEqualTo(20);
        goLive();
        var etag = ask(key + "/edit", "").expect(200).header("ETag");
        app.admin()
                .with("If-Match", etag)
                .request(
                        "PUT", "/v1/segments/" + key, Map.of("query", "PROFILE(contact).FILTER(age >= 15 && age < 32)"))
                .expect(200);

        var change = ask(key + "/edit/preview", Map.of("limit", 3, "attributes", List.of("age")))
                .expect(200)
                .json();

        assertThat(change.path("joining").asInt()).isEqualTo(12);
        assertThat(change.path("leaving").asInt()).isEqualTo(15);
        assertThat(change.path("joiners").findValuesAsText("externalId")).containsExactly("20", "21", "22");
        assertThat(change.path("leavers").findValuesAsText("externalId")).containsExactly("0", "1", "2");
        assertThat(change.at("/leavers/2/attributes/age").asInt()).isEqualTo(2);
        var estimate = ask(key + "/estimate", "").json();
        assertThat(estimate.path("count").asInt()).isEqualTo(17);
        assertThat(estimate.path("edit").asBoolean()).isTrue();
        assertThat(ask(key + "/flow", "").json().path("edit").asBoolean()).isTrue();
        assertThat(app.request("GET", "/v1/segments/" + key).json().path("size").asInt())
                .isEqualTo(20);
        assertThat(app.request("POST", "/v1/segments/" + staticSegment("1") + "/edit/preview")
                        .status())
                .isEqualTo(409);
    }

    private void goLive() throws InterruptedException {
        ask(key + "/go-live", "").expect(202);
        for (var looks = 0; looks < 400; looks++) {
            if (app.request("GET", "/v1/segments/" + key)
                    .json()
                    .path("state")
                    .asText()
                    .equals("live")) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("does not go live");
    }

    @Test
    void an_explanation_tells_why_a_contact_is_in_and_for_how_long() throws Exception {
        create("INTERACTION(Bought).FILTER(amount >= 20).HAVING(COUNT() >= 2, DAYS(30))"
                + " EXCEPT PROFILE(contact).FILTER(address.city == 'Paris' || age > 50)");
        goLive();

        var in = explain("external:3").expect(200).json();
        var out = explain("external:7").expect(200).json();

        assertThat(in.path("belongs").asBoolean()).isTrue();
        assertThat(in.path("member").asBoolean()).isTrue();
        assertThat(in.path("decidedBy").asText()).isEqualTo("query");
        assertThat(in.path("memberSince").asText())
                .isEqualTo(app.request("GET", "/v1/segments/" + key + "/members?contact=external:3")
                        .json()
                        .at("/items/0/joinedAt")
                        .asText());
        var having = in.at("/tree/parts/0/parts/1");
        assertThat(having.path("is").asText()).isEqualTo("having");
        assertThat(having.at("/values/COUNT()").asInt()).isEqualTo(2);
        assertThat(having.at("/interactions/left").asInt()).isEqualTo(2);
        // The older of the two purchases was made 3 days before these tests began.
        assertThat(Instant.parse(in.path("until").asText()))
                .isBetween(
                        Instant.now().plus(26, ChronoUnit.DAYS), Instant.now().plus(28, ChronoUnit.DAYS));
        assertThat(in.path("until")).isEqualTo(having.path("until"));
        assertThat(in.at("/tree/parts/0/interactions").toString()).isEqualTo("{\"seen\":3,\"left\":2}");
        assertThat(out.path("belongs").asBoolean()).isFalse();
        assertThat(out.path("member").asBoolean()).isFalse();
        assertThat(out.at("/tree/parts/1/parts/0/parts/0/values/address.city").asText())
                .isEqualTo("Paris");
        assertThat(out.at("/tree/parts/0/holds").asBoolean()).isTrue();
    }

    @Test
    void every_explanation_agrees_with_the_preview() {
        create("(INTERACTION(Bought).HAVING(COUNT() == 0) INTERSECT PROFILE(contact).FILTER(ISNULL(address.city)))"
                + " UNION INTERACTION(Bought).HAVING(AVG(amount) > 15, DAYS(2))");
        var preview = externalIds(ask(key + "/preview", "").json().path("items"));
        var explained = who(i -> explain("external:" + i).json().path("belongs").asBoolean());

        assertThat(explained).isEqualTo(preview).isEqualTo(who(i -> i % 4 == 0 && i % 3 == 2));
    }

    @Test
    void a_static_segment_is_decided_by_hand_and_an_edit_is_explained_when_asked() {
        var hand = staticSegment("4");
        var answer = app.request("GET", "/v1/segments/" + hand + "/explain?contact=external:4")
                .json();
        assertThat(answer.path("decidedBy").asText()).isEqualTo("hand");
        assertThat(answer.path("member").asBoolean()).isTrue();
        assertThat(answer.at("/tree/since")).isEqualTo(answer.path("memberSince"));
        assertThat(answer.path("memberSince").asText()).isNotEmpty();

        create("PROFILE(contact)");
        assertThat(explain("external:4").json().path("decidedBy").asText()).isEqualTo("notLive");
        explain("external:nobody").expect(404);
        var erased = app.request("PUT", "/v1/contacts/external:erased" + key, Map.of())
                .json()
                .path("id")
                .asText();
        explain(erased).expect(200);
        app.request("DELETE", "/v1/contacts/" + erased).expect(204);
        explain(erased).expect(404);
        assertThat(app.request("GET", "/v1/segments/" + key + "/explain")
                        .expect(422)
                        .json()
                        .at("/errors/0/pointer")
                        .asText())
                .isEqualTo("/contact");
        var unsaved = ask("explain", Map.of("query", "PROFILE(contact).FILTER(age == 4)", "contact", "external:4"))
                .expect(200)
                .json();
        assertThat(unsaved.path("belongs").asBoolean()).isTrue();
        assertThat(unsaved.has("member")).isFalse();
    }

    private Answer explain(String contact) {
        return app.request("GET", "/v1/segments/" + key + "/explain?contact=" + contact);
    }

    @Test
    void operators_may_read_the_sql_that_runs_and_its_plan() {
        create(
                "PROFILE(contact).FILTER(address.city == 'x'' or true --') EXCEPT INTERACTION(Bought).HAVING(COUNT() > 2)");

        var sql = app.as(Role.OPERATOR)
                .request("GET", "/v1/segments/" + key + "/sql")
                .expect(200)
                .json();

        assertThat(sql.path("sql").asText()).contains("contact c", "$1", "$2").doesNotContain("or true", "?");
        assertThat(StreamSupport.stream(sql.path("values").spliterator(), false)
                        .map(value -> value.path("name").asText() + " "
                                + value.path("type").asText())
                        .toList())
                .contains("$1 text", "$2 smallint");
        assertThat(sql.at("/values/0/value").asText()).contains("x' or true --");
        assertThat(sql.path("plan").toString()).contains("contact", "rows=");
        app.as(Role.MARKETER).request("GET", "/v1/segments/" + key + "/sql").expect(403);
    }

    @Test
    void a_word_of_the_api_is_no_key() {
        for (var word : List.of("preview", "flow", "explain", "estimate", "parse")) {
            assertThat(app.request("POST", "/v1/segments", Map.of("key", word, "query", "PROFILE(contact)"))
                            .expect(422)
                            .json()
                            .at("/errors/0/code")
                            .asText())
                    .isEqualTo("reserved-key");
        }
    }
}
