package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Answer;
import sojourn.testing.App;

/** Wherever a query is taken as text, its tree is taken too. */
class SegmentTreesTest {

    private static final String TEXT =
            "PROFILE(contact).FILTER(lastName == 'Tree' && age > 3) EXCEPT INTERACTION(WebsiteVisited).HAVING(COUNT() >= 2, DAYS(7))";

    @RegisterExtension
    static final App app = new App();

    private String key = "";

    @BeforeAll
    static void twoContacts() {
        app.request("PATCH", "/v1/profile-types/contact", Map.of("attributes", Map.of("age", "number")))
                .expect(200);
        app.request("PUT", "/v1/contacts/external:young", contact(2)).expect(201);
        app.request("PUT", "/v1/contacts/external:old", contact(70)).expect(201);
    }

    private static Map<String, Object> contact(int age) {
        return Map.of("lastName", "Tree", "attributes", Map.of("age", age));
    }

    @BeforeEach
    void newKey() {
        key = "s" + UUID.randomUUID().toString().replace("-", "");
    }

    private static JsonNode tree(String text) {
        return post("parse", Map.of("query", text)).expect(200).json().path("tree");
    }

    private static Answer post(String path, Object body) {
        return app.request("POST", "/v1/segments/" + path, body);
    }

    private static Map<String, Object> with(Object tree, @Nullable String key, @Nullable Object value) {
        var body = new HashMap<String, Object>(Map.of("tree", tree));
        if (key != null && value != null) {
            body.put(key, value);
        }
        return body;
    }

    @Test
    void parse_answers_both_forms_of_either() {
        var written = TEXT.replace("FILTER", "filter").replace("&&", "and").replace(" EXCEPT", "\n  except");
        var byText = post("parse", Map.of("query", written)).expect(200).json();
        var byTree =
                post("parse", with(byText.path("tree"), null, null)).expect(200).json();

        assertThat(byText.path("query").asText()).isEqualTo(TEXT);
        assertThat(byTree).isEqualTo(byText);
    }

    @Test
    void a_tree_does_wherever_a_text_does() {
        var tree = tree(TEXT);
        var made = app.request("POST", "/v1/segments", with(tree, "key", key)).expect(201);
        assertThat(made.json().path("query").asText()).isEqualTo(TEXT);
        assertThat(made.json().has("tree")).isFalse();
        var changed = app.admin()
                .with("If-Match", made.header("ETag"))
                .request(
                        "PUT",
                        "/v1/segments/" + key,
                        with(tree("PROFILE(contact).FILTER(lastName == 'Tree')"), null, null))
                .expect(200);
        assertThat(changed.json().path("query").asText()).isEqualTo("PROFILE(contact).FILTER(lastName == 'Tree')");
        assertThat(post("estimate", with(tree, null, null))
                        .expect(200)
                        .json()
                        .path("count")
                        .asInt())
                .isEqualTo(1);
        assertThat(post("preview", with(tree, "attributes", List.of("age")))
                        .expect(200)
                        .json()
                        .at("/items/0/externalId")
                        .asText())
                .isEqualTo("old");
        assertThat(post("flow", with(tree, null, null)).expect(200).json().path("blocks"))
                .hasSize(2);
        var explained = post("explain", with(tree, "contact", "external:young"))
                .expect(200)
                .json();
        assertThat(explained.path("belongs").asBoolean()).isFalse();
        assertThat(explained.path("query").asText()).isEqualTo(TEXT);
        app.request("POST", "/v1/segments", Map.of("key", "h" + key, "kind", "static"))
                .expect(201);
        assertThat(post("h" + key + "/members/query", with(tree, null, null))
                        .expect(201)
                        .json()
                        .path("count")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void both_forms_at_once_or_none_are_refused() {
        var tree = tree(TEXT);
        app.request("POST", "/v1/segments", Map.of("key", "h" + key, "kind", "static"))
                .expect(201);
        for (var path : List.of("parse", "estimate", "preview", "flow", "explain", "h" + key + "/members/query")) {
            var body = new HashMap<String, Object>();
            if (path.equals("explain")) {
                body.put("contact", "external:old");
            }
            var both = new HashMap<String, Object>(body);
            both.put("query", TEXT);
            both.put("tree", tree);
            assertThat(post(path, both)
                            .expect(422)
                            .json()
                            .at("/errors/0/pointer")
                            .asText())
                    .as(path)
                    .isEqualTo("/tree");
            assertThat(post(path, body)
                            .expect(422)
                            .json()
                            .at("/errors/0/pointer")
                            .asText())
                    .as(path)
                    .isEqualTo("/query");
        }
        assertThat(app.request("POST", "/v1/segments", Map.of("key", key, "query", TEXT, "tree", tree))
                        .expect(422)
                        .json()
                        .at("/errors/0/pointer")
                        .asText())
                .isEqualTo("/tree");
        assertThat(app.request("POST", "/v1/segments", Map.of("key", key, "kind", "static", "tree", tree))
                        .expect(422)
                        .json()
                        .at("/errors/0/code")
                        .asText())
                .isEqualTo("unexpected");
    }

    private static List<String> refused(String tree) {
        return post("parse", "{\"tree\": " + tree + "}")
                .expect(422)
                .json()
                .path("errors")
                .valueStream()
                .map(error -> error.path("pointer").asText() + " "
                        + error.path("code").asText())
                .toList();
    }

    @Test
    void what_is_wrong_with_a_tree_is_pointed_at() {
        assertThat(refused("""
                {"is": "except", "from": {"is": "members", "segment": "nobody-here"}, "without": [
                  {"is": "profile", "type": "contact", "steps": [{"is": "filter", "condition":
                    {"is": "all", "of": [
                      {"is": "compare", "left": {"is": "field", "name": "age", "type": "number"}, "operator": "GREATER",
                       "right": {"is": "number", "number": 3}},
                      {"is": "isNull", "value": {"is": "field", "name": "agee", "type": "number"}}]}}]}]}
                """.replace("\"GREATER\"", operator())))
                .containsExactly(
                        "/tree/from unknown-segment", "/tree/without/0/steps/0/condition/of/1/value unknown-attribute");
        assertThat(refused("{\"is\": \"profiel\"}").getFirst()).startsWith("/tree");
        assertThat(refused("{\"is\": \"members\"}")).containsExactly("/tree/segment missing");
        assertThat(refused("{\"is\": \"union\", \"of\": [{\"is\": \"members\", \"segment\": \"a\"}, null]}")
                        .getFirst())
                .startsWith("/tree");
        assertThat(
                        refused(
                                "{\"is\": \"interactions\", \"types\": [\"WebsiteVisited\"], \"filters\": [], \"havings\": [{\"left\": {\"is\": \"aggregate\", \"function\": \"COUNT\"}}]}"))
                .containsExactlyInAnyOrder("/tree/havings/0/operator missing", "/tree/havings/0/right missing");
        assertThat(
                        refused(
                                "{\"is\": \"profile\", \"type\": \"contact\", \"steps\": [{\"is\": \"filter\", \"condition\": {\"is\": \"isNull\", \"value\": {\"is\": \"field\", \"name\": \"age\", \"type\": \"text\"}}}]}"))
                .containsExactly("/tree/steps/0/condition/value/type wrong-type");
        assertThat(refused("7").getFirst()).startsWith("/tree");
    }

    /** As the tree of a comparison has it. */
    private static String operator() {
        return tree(TEXT).at("/from/steps/0/condition/of/1/operator").toString();
    }

    @Test
    void names_in_a_tree_are_never_read_as_text() {
        for (var attack : List.of("x) UNION PROFILE(contact", "vip) -- ", "a b", "")) {
            assertThat(refused("{\"is\": \"members\", \"segment\": \"" + attack + "\"}"))
                    .isNotEmpty();
        }
        assertThat(refused("{\"is\": \"profile\", \"type\": \"contact).FILTER(age > 3\", \"steps\": []}"))
                .isNotEmpty();
    }

    @Test
    void the_deepest_query_has_a_tree_that_can_be_sent_back() {
        var text = deep(95, "PROFILE(contact) EXCEPT (PROFILE(contact) UNION ", "PROFILE(contact)", ")");
        var parsed = post("parse", Map.of("query", text)).expect(200).json();

        var again = post("parse", with(parsed.path("tree"), null, null)).expect(200);

        assertThat(again.json()).isEqualTo(parsed);
    }

    @Test
    void hostile_trees_are_refused_soon() {
        var leaf = "{\"is\": \"profile\", \"type\": \"contact\", \"steps\": []}";
        var wide = "{\"is\": \"union\", \"of\": [" + repeated(leaf, 10_000, ", ") + "]}";
        var deep = deep(5_000, "{\"is\": \"union\", \"of\": [" + leaf + ", ", leaf, "]}");
        var within = deep(240, "{\"is\": \"union\", \"of\": [" + leaf + ", ", leaf, "]}");
        var behind = deep(240, "{\"of\": [" + leaf + ", ", leaf, "], \"is\": \"union\"}");
        var empty = "{\"is\": \"union\", \"of\": [" + repeated("{\"is\": \"union\", \"of\": []}", 10_000, ", ") + "]}";
        for (var hostile : List.of(wide, deep, within, behind, empty)) {
            var answer = post("parse", "{\"tree\": " + hostile + "}");

            assertThat(answer.status())
                    .as(hostile.substring(0, 60) + " "
                            + answer.body()
                                    .substring(0, Math.min(300, answer.body().length())))
                    .isIn(400, 422);
            assertThat(answer.took()).isLessThan(Answer.SOON);
        }
        assertThat(post("parse", "{\"tree\": " + wide + "}").body()).contains("too-large");
        assertThat(post("parse", "{\"tree\": " + within + "}").body()).contains("too-deep");
    }

    private static String repeated(String part, int times, String between) {
        return IntStream.range(0, times).mapToObj(_ -> part).collect(Collectors.joining(between));
    }

    private static String deep(int levels, String open, String inner, String close) {
        return open.repeat(levels) + inner + close.repeat(levels);
    }
}
